/**
 * Turns the paths that a build step copies into include patterns: a symbolic link on the way brings its target too.
 * The rules are those of BuildKit's own client.
 */
import { lstatSync, readdirSync, readlinkSync } from "node:fs";
import { join, posix } from "node:path";
import { createMatcher } from "../../watch/match.ts";

/** Undefined: everything is wanted. Paths that do not exist stay in: the build step reports them. */
export function resolveFollowPaths(root: string, paths: readonly string[]): readonly string[] | undefined {
  const resolved = new Set<string>();
  for (const path of paths) follow(root, path, resolved);
  if (resolved.has(".") || resolved.has("")) return undefined;
  return [...resolved].sort();
}

function follow(root: string, path: string, resolved: Set<string>): void {
  const parts = relative(path).split("/");
  let current = ".";
  for (const [index, part] of parts.entries()) {
    current = posix.join(current, part);
    const targets = linkTargets(root, current);
    const isLast = index === parts.length - 1;
    if ((isLast || targets.length > 0) && resolved.has(current)) return;
    if (targets.length > 0) {
      resolved.add(current);
      const rest = parts.slice(index + 1).join("/");
      for (const target of targets) follow(root, posix.join(target, rest), resolved);
      return;
    }
    if (isLast) resolved.add(current);
  }
}

/** Targets of the links that a component (perhaps with wildcards) stands for, from the context's root. */
function linkTargets(root: string, path: string): readonly string[] {
  const base = posix.basename(path);
  if (!/[*?[]/.test(base.replace(/\\./g, ""))) return linkTarget(root, path);
  const directory = posix.dirname(path);
  const matcher = createMatcher([base]);
  return names(join(root, directory))
    .filter((name) => matcher.matches(name))
    .flatMap((name) => linkTarget(root, posix.join(directory, name)));
}

function linkTarget(root: string, path: string): readonly string[] {
  const absolute = join(root, path);
  try {
    if (!lstatSync(absolute).isSymbolicLink()) return [];
    return [relative(posix.resolve("/", posix.dirname(path), readlinkSync(absolute)))];
  } catch {
    // Missing or unreadable: the walk or the build step will say so.
    return [];
  }
}

function names(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function relative(path: string): string {
  const cleaned = posix.normalize(`/${path}`).replace(/^\/+|\/+$/g, "");
  return cleaned === "" ? "." : cleaned;
}
