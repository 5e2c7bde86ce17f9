/** Reads a tree: every path that a rule covers, ignored directories never entered. */
import { lstat, readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isMissing, systemErrorCode } from "./sync/system-error.ts";

export type IsIgnored = (path: string, isDirectory: boolean) => boolean;

/**
 * Absolute paths below `root`, the root itself first, parents before children. A missing root gives none.
 * Paths that cannot be read are reported to `onUnreadable` and left out.
 */
export async function scanTree(
  root: string,
  isIgnored: IsIgnored,
  onUnreadable: (path: string, error: unknown) => void,
): Promise<string[]> {
  const found: string[] = [];
  let isDirectory: boolean;
  try {
    isDirectory = (await lstat(root)).isDirectory();
  } catch (error) {
    if (!isMissing(error)) onUnreadable(root, error);
    return found;
  }
  found.push(root);
  const queue = isDirectory ? [root] : [];
  for (let directory = queue.pop(); directory !== undefined; directory = queue.pop()) {
    try {
      for (const entry of await readdir(directory, { withFileTypes: true })) {
        const path = join(directory, entry.name);
        if (isIgnored(path, entry.isDirectory())) continue;
        found.push(path);
        if (entry.isDirectory()) queue.push(path);
      }
    } catch (error) {
      if (!isMissing(error)) onUnreadable(directory, error);
    }
  }
  return found;
}

/** What stands in a name for bytes that are no text. */
const NO_TEXT = "\uFFFD";

export function mayBeNameless(path: string): boolean {
  return path.includes(NO_TEXT);
}

/** A path that cannot be named as text: looked up, it is not there, although its folder lists it. */
export async function isNameless(path: string): Promise<boolean> {
  if (!mayBeNameless(path)) return false;
  try {
    const names = await readdir(dirname(path), { encoding: "buffer" });
    const name = basename(path);
    return names.some((bytes) => bytes.toString() === name && !bytes.equals(Buffer.from(name)));
  } catch {
    return false;
  }
}

/** A word for why something could not be read. */
export function unreadableReason(error: unknown): string {
  const code = systemErrorCode(error);
  if (code === "EACCES" || code === "EPERM") return "permission denied";
  if (code === "ENAMETOOLONG") return "the path is too long for the system";
  return code ?? (error instanceof Error ? error.message : String(error));
}
