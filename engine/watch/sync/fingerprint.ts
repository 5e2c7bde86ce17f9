/**
 * What tells two states of a host path apart without comparing contents, and with them where times cannot: file times
 * advance in steps, and two writes within one step look alike when the size is the same.
 */
import { constants, lstatSync, readFileSync, readlinkSync, type Stats } from "node:fs";
import { sha256 } from "../../hash.ts";
import { isMissing } from "./system-error.ts";

/** Fingerprint of a path that is not there. */
export const GONE = "gone";

/** Steps of file clocks, in milliseconds: the kernel's tick, and that of file systems which keep whole seconds. */
const STEP_MS = 20;
const LONG_STEP_MS = 2_000;
/** What is larger takes longer to write than a step lasts. */
const LARGEST_COMPARED = 1024 * 1024;
const CONTENT_MARK = "#";

/**
 * By times and sizes alone; undefined for what cannot be synced (sockets, pipes, devices). Throws the system's error
 * for anything but absence.
 */
export function hostFingerprint(source: string): string | undefined {
  const stats = lstatOf(source);
  return stats === undefined ? GONE : fingerprintOf(stats);
}

/** The same, with the content where it is needed to compare with `known` or with a later one. */
export function exactFingerprint(source: string, known: string | undefined): string | undefined {
  const stats = lstatOf(source);
  if (stats === undefined) return GONE;
  const plain = fingerprintOf(stats);
  if (plain === undefined || !needsContent(plain, stats, known)) return plain;
  try {
    return withContent(plain, stats.isSymbolicLink() ? readlinkSync(source) : readFileSync(source));
  } catch {
    // Not readable, or another kind of thing by now: its next event looks again.
    return plain;
  }
}

export function fingerprintOf(stats: Stats): string | undefined {
  // The times and size of a directory change with its entries, which have events of their own.
  if (stats.isDirectory()) return `d:${stats.mode}`;
  if (!stats.isFile() && !stats.isSymbolicLink()) return undefined;
  return `${stats.mode}:${stats.size}:${stats.mtimeMs}:${stats.ctimeMs}:${stats.ino}`;
}

/** Whether a plain fingerprint is too little: a later write could leave it as it is, or `known` was taken so. */
export function needsContent(plain: string, stats: Stats, known: string | undefined): boolean {
  if (stats.isDirectory() || stats.size > LARGEST_COMPARED) return false;
  if (known?.startsWith(plain + CONTENT_MARK) === true) return true;
  const step = stats.ctimeMs % 1000 === 0 ? LONG_STEP_MS : STEP_MS;
  return Date.now() - stats.ctimeMs < step;
}

export function withContent(plain: string, content: string | Uint8Array): string {
  return plain + CONTENT_MARK + sha256(content);
}

/** Without the content: for what may take two states for one. */
export function plainOf(fingerprint: string): string {
  const [plain = ""] = fingerprint.split(CONTENT_MARK, 1);
  return plain;
}

export type FileLook = Pick<Stats, "size" | "mtimeMs" | "ino">;

/** What a regular file's fingerprint says of it. */
export function lookOf(fingerprint: string | undefined): FileLook | undefined {
  const [mode, size, mtimeMs, , ino = ""] = fingerprint?.split(":") ?? [];
  if ((Number(mode) & constants.S_IFMT) !== constants.S_IFREG) return undefined;
  return { size: Number(size), mtimeMs: Number(mtimeMs), ino: Number.parseInt(ino, 10) };
}

function lstatOf(source: string): Stats | undefined {
  try {
    return lstatSync(source, { throwIfNoEntry: false });
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
