/**
 * Lists a build context in the order that BuildKit's file synchronisation asks for: each directory before its
 * entries, entries by the bytes of their names. Wholly ignored directories are never entered.
 */
import { lstatSync, readdirSync, readlinkSync } from "node:fs";
import type { Dirent, Stats } from "node:fs";
import { join, sep } from "node:path";
import { setImmediate } from "node:timers/promises";
import { AbortedError, TcomposeError } from "../error.ts";
import type { DirectoryState, Matcher } from "../watch/match.ts";
import { contextFileError, unreadableNameError } from "./context-error.ts";

export interface ContextEntry {
  /** Relative, with `/`. */
  readonly path: string;
  readonly kind: "file" | "directory" | "symlink";
  /** The lower twelve mode bits. */
  readonly permissions: number;
  /** Bytes. */
  readonly size: number;
  /** Unix milliseconds, fractions kept. */
  readonly mtimeMs: number;
  /** Symbolic links only, as stored. */
  readonly linkTarget?: string;
}

export interface WalkOptions {
  /** Absolute directory. */
  readonly root: string;
  readonly excludes: Matcher;
  /** Only what it covers (and the directories on the way) is listed. */
  readonly includes?: Matcher | undefined;
  readonly signal: AbortSignal;
}

interface Frame {
  readonly path: string;
  readonly names: readonly Dirent[];
  next: number;
  /** The directory's own entry, held back until something in it is listed. */
  pending: ContextEntry | undefined;
  readonly exclude: DirectoryState | undefined;
  readonly include: DirectoryState | undefined;
}

/** System calls are made synchronously, which is several times faster; others get a turn after this many ms. */
const SLICE_MS = 8;
const BATCH = 512;

/** Batches of entries. Rejects with a BuildError that names what cannot be read, or AbortedError. */
export async function* walkContext(options: WalkOptions): AsyncGenerator<readonly ContextEntry[]> {
  const stack: Frame[] = [openFrame(options, "", undefined, undefined, undefined, false)];
  let batch: ContextEntry[] = [];
  let sliceStart = performance.now();
  for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
    const child = frame.names[frame.next];
    frame.next += 1;
    if (child === undefined) stack.pop();
    else visit(options, stack, frame, child, batch);
    if (batch.length >= BATCH) {
      yield batch;
      batch = [];
    }
    if (performance.now() - sliceStart > SLICE_MS) {
      await setImmediate();
      if (options.signal.aborted) throw new AbortedError();
      sliceStart = performance.now();
    }
  }
  if (batch.length > 0) yield batch;
}

function visit(
  options: WalkOptions,
  stack: Frame[],
  frame: Frame,
  child: Dirent,
  batch: ContextEntry[],
): void {
  const { excludes, includes } = options;
  const path = frame.path === "" ? child.name : `${frame.path}/${child.name}`;
  const exclude = excludes.isEmpty ? undefined : excludes.step(path, frame.exclude);
  const include = includes?.step(path, frame.include);
  const isListed = exclude?.matched !== true && include?.matched !== false;
  if (!child.isDirectory()) {
    const entry = isListed ? readEntry(options.root, path, child) : undefined;
    if (entry !== undefined) emit(stack, entry, batch);
    return;
  }
  if (exclude?.matched === true && !excludes.mayExceptBelow(path)) return;
  if (include?.matched === false && includes?.mayMatchBelow(path) !== true) return;
  const entry = readEntry(options.root, path, child);
  if (entry === undefined) return;
  if (isListed) emit(stack, entry, batch);
  stack.push(openFrame(options, path, exclude, include, isListed ? undefined : entry, !isListed));
}

/** Lists an entry after the directories above it that were held back. */
function emit(stack: readonly Frame[], entry: ContextEntry, batch: ContextEntry[]): void {
  for (const frame of stack) {
    if (frame.pending === undefined) continue;
    batch.push(frame.pending);
    frame.pending = undefined;
  }
  batch.push(entry);
}

function openFrame(
  options: WalkOptions,
  path: string,
  exclude: DirectoryState | undefined,
  include: DirectoryState | undefined,
  pending: ContextEntry | undefined,
  isIgnored: boolean,
): Frame {
  return { path, names: readNames(options.root, path, isIgnored), next: 0, pending, exclude, include };
}

/** Sorted names. A directory that vanished is empty; one that is ignored itself may be unreadable. */
function readNames(root: string, path: string, isIgnored: boolean): readonly Dirent[] {
  try {
    const names = readdirSync(join(root, path), { withFileTypes: true });
    return names.sort(names.every(({ name }) => ASCII.test(name)) ? compareAscii : compareBytes);
  } catch (error) {
    if (path !== "" && (isVanished(error) || isIgnored)) return [];
    throw contextFileError(root, path, error);
  }
}

/** What Node puts in the place of bytes that are no UTF-8. */
const REPLACEMENT = "\uFFFD";

const ASCII = /^[\x20-\x7e]*$/;

function compareAscii(one: Dirent, other: Dirent): number {
  return one.name < other.name ? -1 : 1;
}

function compareBytes(one: Dirent, other: Dirent): number {
  return Buffer.compare(Buffer.from(one.name), Buffer.from(other.name));
}

/** Undefined for what cannot be in an image (sockets, devices, pipes) and for what vanished meanwhile. */
function readEntry(root: string, path: string, child: Dirent): ContextEntry | undefined {
  const absolute = `${root}${sep}${path}`;
  try {
    if (child.isFile()) return toEntry(path, "file", lstatSync(absolute));
    if (child.isDirectory()) return toEntry(path, "directory", lstatSync(absolute));
    if (!child.isSymbolicLink()) return undefined;
    const linkTarget = readlinkSync(absolute);
    if (linkTarget.includes(REPLACEMENT) && !isExactTarget(absolute, linkTarget)) {
      throw unreadableNameError(root, path, "target");
    }
    return { ...toEntry(path, "symlink", lstatSync(absolute)), linkTarget };
  } catch (error) {
    if (error instanceof TcomposeError) throw error;
    if (isVanished(error)) {
      // There is nothing of that name because the name is another one.
      if (child.name.includes(REPLACEMENT)) throw unreadableNameError(root, path, "name");
      return undefined;
    }
    throw contextFileError(root, path, error);
  }
}

function isExactTarget(path: string, text: string): boolean {
  return readlinkSync(path, "buffer").equals(Buffer.from(text));
}

function toEntry(path: string, kind: ContextEntry["kind"], stats: Stats): ContextEntry {
  return { path, kind, permissions: stats.mode & 0o7777, size: stats.size, mtimeMs: stats.mtimeMs };
}

function isVanished(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === "ENOENT" || code === "ENOTDIR";
}
