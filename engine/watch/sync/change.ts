/**
 * What a sync carries: the state that a path on the host has now, to be repeated at a path in the container.
 * Built at the moment of sending, from the host as it is then: events only say where to look.
 */
import { constants, type Stats } from "node:fs";
import { lstat, open, readlink, realpath } from "node:fs/promises";
import { dirname } from "node:path";
import { isMissing } from "./system-error.ts";

export type SyncChange =
  | {
      readonly kind: "file";
      readonly target: string;
      readonly source: string;
      readonly mode: number;
      readonly mtimeMs: number;
      readonly content: Buffer;
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

/** Fingerprint of a path that is not there. */
export const GONE = "gone";

/**
 * What tells two states of a path apart without reading it; undefined for what cannot be synced (sockets, pipes,
 * devices). Rejects with the system's error for anything but absence.
 */
export async function hostFingerprint(source: string): Promise<string | undefined> {
  try {
    return fingerprintOf(await lstat(source));
  } catch (error) {
    if (isMissing(error)) return GONE;
    throw error;
  }
}

function fingerprintOf(stats: Stats): string | undefined {
  // The times and size of a directory change with its entries, which have events of their own.
  if (stats.isDirectory()) return `d:${stats.mode}`;
  if (!stats.isFile() && !stats.isSymbolicLink()) return undefined;
  return `${stats.mode}:${stats.size}:${stats.mtimeMs}:${stats.ctimeMs}:${stats.ino}`;
}

/**
 * Which directories are themselves, and not a way through a symbolic link: what lies behind a link is not part of the
 * tree, although its paths can be read. For one look at a tree; answers are remembered.
 */
export class RealDirectories {
  readonly #known = new Map<string, Promise<boolean>>();

  has(directory: string): Promise<boolean> {
    const known = this.#known.get(directory) ?? isReal(directory);
    this.#known.set(directory, known);
    return known;
  }
}

async function isReal(directory: string): Promise<boolean> {
  try {
    return (await realpath(directory)) === directory;
  } catch {
    // Missing or not to be entered: reading the path itself meets the same and says it.
    return true;
  }
}

/**
 * Reads the present state of one host path. Sockets, pipes and devices count as absent. A path that vanishes
 * between two system calls is a delete. Rejects with the system's error for anything else (permission, I/O).
 */
export async function readHostState(
  path: SyncPath,
  known: string | undefined,
  directories: RealDirectories,
): Promise<HostState | "unchanged"> {
  try {
    if (!(await directories.has(dirname(path.source)))) return deleted(path, known);
    const stats = await lstat(path.source);
    const fingerprint = fingerprintOf(stats);
    if (fingerprint === undefined) return deleted(path, known);
    if (fingerprint === known) return "unchanged";
    const { mtimeMs } = stats;
    const { target } = path;
    const mode = stats.mode & 0o7777;
    if (stats.isDirectory()) {
      return { change: { kind: "directory", target, mode, mtimeMs }, fingerprint };
    }
    if (stats.isSymbolicLink()) {
      return { change: { kind: "symlink", target, link: await readlink(path.source), mtimeMs }, fingerprint };
    }
    const content = await readRegularFile(path.source);
    return { change: { kind: "file", ...path, mode, mtimeMs, content }, fingerprint };
  } catch (error) {
    if (isMissing(error)) return deleted(path, known);
    throw error;
  }
}

function deleted(path: SyncPath, known: string | undefined): HostState | "unchanged" {
  // Unknown and gone: it came and went between two looks, and the container never had it.
  if (known === undefined || known === GONE) return "unchanged";
  return { change: { kind: "delete", target: path.target }, fingerprint: GONE };
}

/** A link that replaces the file meanwhile must not be followed out of the tree. */
async function readRegularFile(path: string): Promise<Buffer> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    return await file.readFile();
  } finally {
    await file.close();
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
