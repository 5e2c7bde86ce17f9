/** What is wrong with a build context, in plain words. */
import { join } from "node:path";
import { BuildError } from "../error.ts";

/** A file or directory of the context could not be read. `path` is relative to the context. */
export function contextFileError(root: string, path: string, cause: unknown): BuildError {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (path === "") return contextError(root, cause);
  const reason = code === "EACCES" || code === "EPERM" ? "permission denied" : message;
  return new BuildError(`cannot read ${join(root, path)} for the build: ${reason}`, {
    hint: "make it readable, or exclude it in .dockerignore",
    cause,
  });
}

/** The context itself is missing, no directory, or unreadable. */
export function contextError(root: string, cause: unknown): BuildError {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === "ENOENT") return new BuildError(`the build context ${root} does not exist`, { cause });
  if (code === "ENOTDIR") return new BuildError(`the build context ${root} is not a directory`, { cause });
  const reason = code === "EACCES" || code === "EPERM" ? "permission denied" : message;
  return new BuildError(`cannot read the build context ${root}: ${reason}`, { cause });
}

export function missingDockerfileError(path: string, cause?: unknown): BuildError {
  return new BuildError(`there is no Dockerfile at ${path}`, {
    hint: "build.dockerfile names it relative to build.context; build.dockerfile_inline holds its text",
    cause,
  });
}
