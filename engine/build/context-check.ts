/** Looks at a build's inputs before anything is sent: what is missing is said at once, in plain words. */
import { accessSync, constants, readFileSync, readdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { BuildError } from "../error.ts";
import { contextError, missingDockerfileError } from "./context-error.ts";
import type { BuildRequest } from "./request.ts";

export interface DockerfileText {
  /** For messages. */
  readonly path: string;
  /** Undefined: it is in a remote context. */
  readonly text: string | undefined;
}

/** Throws BuildError for a missing or unreadable context or Dockerfile. */
export function checkContext(request: BuildRequest): DockerfileText {
  if (request.context.kind === "local") checkDirectory(request.context.root);
  const { dockerfile } = request;
  switch (dockerfile.kind) {
    case "inline":
      return { path: "dockerfile_inline", text: dockerfile.text };
    case "remote":
      return { path: dockerfile.path, text: undefined };
    case "file":
      return { path: dockerfile.path, text: readDockerfile(dockerfile.path) };
    default:
      return dockerfile satisfies never;
  }
}

export function checkDirectory(path: string): void {
  try {
    if (!statSync(path).isDirectory()) throw Object.assign(new Error("not a directory"), { code: "ENOTDIR" });
    accessSync(path, constants.R_OK | constants.X_OK);
  } catch (error) {
    throw contextError(path, error);
  }
}

function readDockerfile(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") throw withNearMiss(path, error);
    if (code === "EISDIR") throw new BuildError(`the Dockerfile ${path} is a directory`, { cause: error });
    const reason = code === "EACCES" || code === "EPERM" ? "permission denied" : message;
    throw new BuildError(`cannot read the Dockerfile ${path}: ${reason}`, { cause: error });
  }
}

/** A file that differs in capitals alone is worth naming. */
function withNearMiss(path: string, cause: unknown): BuildError {
  const wanted = path.slice(dirname(path).length + 1);
  let near: string | undefined;
  try {
    near = readdirSync(dirname(path)).find((name) => name.toLowerCase() === wanted.toLowerCase());
  } catch {
    // The directory is missing too.
  }
  if (near === undefined) return missingDockerfileError(path, cause);
  return new BuildError(`there is no Dockerfile at ${path}`, { hint: `there is "${near}"`, cause });
}
