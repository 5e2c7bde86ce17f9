/** Files of the host into a container, by the rules of `docker cp`. */
import { lstat, realpath } from "node:fs/promises";
import { basename, posix } from "node:path";
import type { Readable } from "node:stream";
import { packTar } from "modern-tar/fs";
import type { EngineApi } from "../docker/api.ts";
import { RefusedError } from "../error.ts";
import { findPath } from "./container-path.ts";

export interface CopyInRequest {
  readonly container: string;
  /** Absolute path on the host; `/.` at the end means what is in the directory. Or a tar to unpack. */
  readonly from: string | Readable;
  /** Inside the container. */
  readonly to: string;
  readonly followLink: boolean;
  /** The files get the user that the container runs as. */
  readonly toOwner: boolean;
  readonly signal: AbortSignal;
}

/** Rejects with RefusedError when source and target do not fit each other. */
export async function copyIn(engine: EngineApi, request: CopyInRequest): Promise<void> {
  const { container, from, to, toOwner, signal } = request;
  const target = await findPath(engine, container, to, { follow: true, signal });
  const options = { signal, noOverwriteDirNonDir: true, copyUidGid: toOwner };
  if (typeof from !== "string") {
    if (target.kind !== "directory") throw new RefusedError(`${to} is no directory in the container`);
    return engine.putArchive(container, target.path, from, options);
  }
  const source = await readSource(from, request.followLink);
  const { folder, name } = await placeOf(engine, request, target, source);
  const type = source.isDirectory ? "directory" : "file";
  // The name of what is packed is made to fit, so that the engine unpacks it in the right place.
  const tar = packTar(
    name === "" ? source.path : [{ type, source: source.path, target: name }],
    // Names of users mean nothing in another file system.
    { map: (header) => ({ ...header, uname: "", gname: "" }) },
  );
  try {
    await engine.putArchive(container, folder, tar, options);
  } finally {
    tar.destroy();
  }
}

interface Source {
  readonly path: string;
  readonly isDirectory: boolean;
  /** Empty: what is in it. */
  readonly name: string;
}

async function readSource(from: string, followLink: boolean): Promise<Source> {
  const isContent = from.endsWith("/.");
  try {
    const path = followLink || isContent || from.endsWith("/") ? await realpath(from) : from;
    const isDirectory = (await lstat(path)).isDirectory();
    if (from.endsWith("/") && !isDirectory) throw new RefusedError(`${from} is no directory`);
    return { path, isDirectory, name: isContent ? "" : basename(from) };
  } catch (error) {
    if (error instanceof RefusedError) throw error;
    throw new RefusedError(`cannot read ${from}: ${(error as Error).message}`, { cause: error });
  }
}

async function placeOf(
  engine: EngineApi,
  { container, to, signal }: CopyInRequest,
  target: { readonly path: string; readonly kind: string | undefined },
  source: Source,
): Promise<{ readonly folder: string; readonly name: string }> {
  if (target.kind === "directory") return { folder: target.path, name: source.name };
  if (target.kind !== undefined && source.isDirectory) {
    throw new RefusedError(`${to} is a file in the container, and a directory is to be copied there`);
  }
  if (target.kind === undefined && to.endsWith("/") && !source.isDirectory) {
    throw new RefusedError(`there is no directory ${to} in the container`);
  }
  const folder = posix.dirname(target.path);
  const parent = await findPath(engine, container, folder, { follow: true, signal });
  if (parent.kind !== "directory") throw new RefusedError(`there is no directory ${folder} in the container`);
  return { folder: parent.path, name: posix.basename(target.path) };
}
