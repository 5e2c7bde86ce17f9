/** What is at a path inside a container. */
import { posix } from "node:path";
import type { ReadOnlyEngine } from "../docker/api.ts";
import type { PathStat } from "../docker/types-system.ts";

const DIRECTORY = 2 ** 31;
const SYMLINK = 2 ** 27;
/** As many as the kernel follows. */
const MAX_LINKS = 40;

export interface ContainerPath {
  /** Absolute; links that were followed are resolved. */
  readonly path: string;
  /** Undefined: nothing is there. */
  readonly kind: "directory" | "symlink" | "other" | undefined;
}

export async function findPath(
  engine: ReadOnlyEngine,
  container: string,
  path: string,
  options: { readonly follow: boolean; readonly signal: AbortSignal },
): Promise<ContainerPath> {
  const { follow, signal } = options;
  let current = posix.join("/", path);
  for (let links = 0; links < MAX_LINKS; links += 1) {
    const stat = await engine.statPath(container, current, { signal });
    const kind = stat === undefined ? undefined : kindOf(stat);
    if (kind !== "symlink" || !follow) return { path: current, kind };
    current = posix.resolve(posix.dirname(current), stat?.linkTarget ?? "");
  }
  return { path: current, kind: undefined };
}

function kindOf({ mode }: PathStat): "directory" | "symlink" | "other" {
  if (mode >= DIRECTORY) return "directory";
  return Math.floor(mode / SYMLINK) % 2 === 1 ? "symlink" : "other";
}
