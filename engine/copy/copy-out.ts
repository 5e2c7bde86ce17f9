/** Files of a container to the host, by the rules of `docker cp`. */
import { stat } from "node:fs/promises";
import { basename, dirname, join, posix, resolve } from "node:path";
import type { Readable } from "node:stream";
import type { ReadOnlyEngine } from "../docker/api.ts";
import { RefusedError } from "../error.ts";
import { findPath } from "./container-path.ts";
import { unpackTo } from "./unpack.ts";

export interface CopyOutRequest {
  readonly container: string;
  /** Inside the container; `/.` at the end means what is in the directory, not itself. */
  readonly from: string;
  /** Follow a symbolic link at `from`. */
  readonly followLink: boolean;
  readonly signal: AbortSignal;
}

/** The tar as the engine gives it. Rejects with RefusedError when nothing is there. */
export async function readFromContainer(engine: ReadOnlyEngine, request: CopyOutRequest): Promise<Readable> {
  return (await openSource(engine, request)).tar;
}

/** `to` is absolute; `/` at the end says that it has to be a directory. */
export async function copyOut(
  engine: ReadOnlyEngine,
  request: CopyOutRequest,
  to: string,
  keepOwner: boolean,
): Promise<void> {
  const target = await stat(to).catch(() => undefined);
  const { tar, isDirectory } = await openSource(engine, request);
  try {
    const { root, name } = await placeOf(request.from, to, isDirectory, {
      isDirectory: target?.isDirectory(),
    });
    await unpackTo(tar, { root, keepOwner, rename: (entry) => rename(entry, name) });
  } finally {
    tar.destroy();
  }
}

async function openSource(
  engine: ReadOnlyEngine,
  { container, from, followLink, signal }: CopyOutRequest,
): Promise<{ readonly tar: Readable; readonly isDirectory: boolean }> {
  const source = await findPath(engine, container, from, {
    follow: followLink || /\/\.?$/.test(from),
    signal,
  });
  if (source.kind === undefined) throw new RefusedError(`nothing is at ${from} in the container`);
  const tar = await engine.getArchive(container, source.path, { signal });
  return { tar, isDirectory: source.kind === "directory" };
}

/** Where the tar's top entry goes, and under which name; an empty name: its content goes there without it. */
async function placeOf(
  from: string,
  to: string,
  isDirectory: boolean,
  target: { readonly isDirectory: boolean | undefined },
): Promise<{ readonly root: string; readonly name: string }> {
  const own = posix.basename(posix.join("/", from)) || "";
  const isContent = /(^|\/)\.?$/.test(from) && (from.endsWith("/.") || own === "");
  if (target.isDirectory === true) return { root: to, name: isContent ? "" : own };
  if (target.isDirectory === false && isDirectory) {
    throw new RefusedError(`${to} is a file, and a directory is to be copied there`);
  }
  if (to.endsWith("/") && !isDirectory) throw new RefusedError(`there is no directory ${to}`);
  const root = dirname(resolve(to));
  if ((await stat(root).catch(() => undefined))?.isDirectory() !== true) {
    throw new RefusedError(`there is no directory ${root}`);
  }
  return { root, name: basename(to) };
}

/** The first part of an entry's name is the copied thing itself. */
function rename(entry: string, name: string): string | undefined {
  const slash = entry.replace(/^\.?\//, "").indexOf("/");
  const rest = slash === -1 ? "" : entry.replace(/^\.?\//, "").slice(slash + 1);
  const renamed = join(name, rest);
  return renamed === "." || renamed === "" ? undefined : renamed;
}
