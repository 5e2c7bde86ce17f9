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

/** Names travel to the builder as text. `path` shows what could not be read as such with U+FFFD. */
export function unreadableNameError(root: string, path: string, what: "name" | "target"): BuildError {
  const subject = what === "name" ? "its name" : "what it links to";
  return new BuildError(`cannot send ${join(root, path)} to the builder: ${subject} is not valid UTF-8`, {
    hint: "rename it, or exclude it in .dockerignore",
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
