/**
 * What a sync carries: the state that a path on the host has now, to be repeated at a path in the container.
 * Built at the moment of sending, from the host as it is then: events only say where to look.
 *
 * States and small files are read without a thread: that costs some microseconds, a tenth of the way through one, and
 * a checkout changes thousands of files at once.
 */
import { closeSync, constants, lstatSync, openSync, readFileSync } from "node:fs";
import { open, readlink } from "node:fs/promises";
import { dirname } from "node:path";
import type { Settling } from "../settling.ts";
import { fingerprintOf, GONE, lookOf, needsContent, withContent } from "./fingerprint.ts";
import { isMissing, systemErrorCode } from "./system-error.ts";

export type SyncChange =
  | {
      readonly kind: "file";
      readonly target: string;
      readonly source: string;
      readonly mode: number;
      readonly mtimeMs: number;
      readonly content: Buffer;
      /** Bytes of the file that the container has, as far as known. */
      readonly sizeBefore?: number | undefined;
      /** The target of a rule for this one file: a directory there is somebody else's and must not be replaced. */
      readonly isRoot?: boolean;
    }
  | {
      readonly kind: "directory";
      readonly target: string;
      readonly mode: number;
      readonly mtimeMs: number;
    }
  | { readonly kind: "symlink"; readonly target: string; readonly link: string; readonly mtimeMs: number }
  | { readonly kind: "delete"; readonly target: string };

/** Host path and the path in the container that mirrors it. Both absolute. */
export interface SyncPath {
  readonly source: string;
  readonly target: string;
  /** The rule names this one file. */
  readonly isRoot?: boolean;
}

/** A change with a fingerprint: two equal fingerprints mean that nothing has to be sent. */
export interface HostState {
  readonly change: SyncChange;
  readonly fingerprint: string;
}

/**
 * Which directories are themselves, and not a way through a symbolic link: what lies behind a link is not part of the
 * tree, although its paths can be read. For one look at a tree; answers are remembered.
 */
export class RealDirectories {
  readonly #known = new Map<string, boolean>();

  has(directory: string): boolean {
    const known = this.#known.get(directory);
    if (known !== undefined) return known;
    const above = dirname(directory);
    // Step by step: asking for the real path of each would walk all the way down each time.
    const isReal = above === directory || (this.has(above) && !isLink(directory));
    this.#known.set(directory, isReal);
    return isReal;
  }
}

function isLink(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
  } catch {
    // Not to be entered, or below a file: reading the path itself meets the same and says it.
    return false;
  }
}

/** How one look at a tree reads it. */
export interface Looking {
  readonly directories: RealDirectories;
  /** Files that are still being written. */
  readonly settling: Settling | undefined;
}

/** Tries for a path that is another kind of thing at each look. */
const LOOKS = 3;
/** What reading says when the kind has changed since the look: no link, a folder, a link, a socket. */
const OTHER_KIND = new Set(["EINVAL", "EISDIR", "ELOOP", "ENXIO"]);

/**
 * Reads the present state of one host path. Sockets, pipes and devices count as absent. A path that vanishes
 * between two system calls is a delete. Rejects with the system's error for anything else (permission, I/O).
 */
export async function readHostState(
  path: SyncPath,
  known: string | undefined,
  looking: Looking,
): Promise<HostState | "unchanged"> {
  for (let look = 1; ; look += 1) {
    try {
      return await readOnce(path, known, looking);
    } catch (error) {
      if (OTHER_KIND.has(systemErrorCode(error) ?? "") && look < LOOKS) continue;
      if (isMissing(error)) return deleted(path, known, looking);
      throw error;
    }
  }
}

async function readOnce(
  path: SyncPath,
  known: string | undefined,
  looking: Looking,
): Promise<HostState | "unchanged"> {
  if (!looking.directories.has(dirname(path.source))) return deleted(path, known, looking);
  const stats = lstatSync(path.source, { throwIfNoEntry: false });
  const plain = stats === undefined ? undefined : fingerprintOf(stats);
  if (stats === undefined || plain === undefined) return deleted(path, known, looking);
  const isExact = needsContent(plain, stats, known);
  if (plain === known && !isExact) return "unchanged";
  const { mtimeMs } = stats;
  const { target } = path;
  const mode = stats.mode & 0o7777;
  if (stats.isDirectory()) {
    return { change: { kind: "directory", target, mode, mtimeMs }, fingerprint: plain };
  }
  if (stats.isSymbolicLink()) {
    const link = await readlink(path.source);
    const fingerprint = isExact ? withContent(plain, link) : plain;
    return fingerprint === known
      ? "unchanged"
      : { change: { kind: "symlink", target, link, mtimeMs }, fingerprint };
  }
  const before = lookOf(known);
  if (looking.settling?.mustWait(path.source, stats, before) === true) return "unchanged";
  const content = await readRegularFile(path.source, stats.size);
  const fingerprint = isExact ? withContent(plain, content) : plain;
  if (fingerprint === known) return "unchanged";
  return {
    change: { kind: "file", ...path, mode, mtimeMs, content, sizeBefore: before?.size },
    fingerprint,
  };
}

function deleted(path: SyncPath, known: string | undefined, { settling }: Looking): HostState | "unchanged" {
  settling?.forget(path.source);
  // Unknown and gone: it came and went between two looks, and the container never had it.
  if (known === undefined || known === GONE) return "unchanged";
  return { change: { kind: "delete", target: path.target }, fingerprint: GONE };
}

/** A link or a pipe that replaces the file meanwhile must not be followed out of the tree, nor waited for. */
const AS_IT_IS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
const SMALL_FILE = 64 * 1024;

async function readRegularFile(path: string, size: number): Promise<Buffer> {
  if (size > SMALL_FILE) {
    const file = await open(path, AS_IT_IS);
    try {
      return await file.readFile();
    } finally {
      await file.close();
    }
  }
  const file = openSync(path, AS_IT_IS);
  try {
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}

/** Parents before children, deletes first: the order in which changes can be applied one by one. */
export function orderChanges(changes: readonly SyncChange[]): SyncChange[] {
  const deletes = changes.filter((change) => change.kind === "delete");
  const rest = changes.filter((change) => change.kind !== "delete");
  const byTarget = (a: SyncChange, b: SyncChange): number =>
    a.target < b.target ? -1 : a.target > b.target ? 1 : 0;
  return [...outermost(deletes.sort(byTarget)), ...rest.sort(byTarget)];
}

/** A deleted directory takes its contents with it. `sorted` is by target. */
function outermost(sorted: SyncChange[]): SyncChange[] {
  const kept: SyncChange[] = [];
  const parents = new Set<string>();
  for (const change of sorted) {
    if (hasAncestor(change.target, parents)) continue;
    parents.add(change.target);
    kept.push(change);
  }
  return kept;
}

function hasAncestor(target: string, ancestors: ReadonlySet<string>): boolean {
  for (let at = target.lastIndexOf("/"); at > 0; at = target.lastIndexOf("/", at - 1)) {
    if (ancestors.has(target.slice(0, at))) return true;
  }
  return false;
}
