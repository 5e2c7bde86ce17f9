/**
 * `develop.watch` rules of a service, ready to answer: does this path concern the rule, and where does it go?
 * Source: the Compose Develop specification; ignore rules are those of build contexts (see `match.ts`).
 */
import { basename, join, posix, relative, sep } from "node:path";
import type { Hook, Service, WatchAction } from "../../schema/model.ts";
import type { LoopRule } from "./loop.ts";
import { createMatcher, type Matcher } from "./match.ts";

export interface WatchRuleSet extends LoopRule {
  /** Absolute host path that is watched. */
  readonly root: string;
  /** The root is a file. */
  readonly isFile: boolean;
  /** Absolute path in the container that mirrors the root; present when the rule syncs. */
  readonly target: string | undefined;
  /**
   * Where bind mounts show the host's files already: nothing is synced there. That can be the whole target; the rest
   * of the rule's action stays.
   */
  readonly boundTargets: readonly string[];
  readonly exec: Hook | undefined;
  readonly initialSync: boolean;
  /** Whether a change of this absolute host path concerns the rule. */
  covers(path: string, isDirectory: boolean): boolean;
  /** Whether nothing at or below this directory can concern the rule. */
  excludes(path: string, isDirectory: boolean): boolean;
  /** Where a covered host path goes. */
  toTarget(path: string): string;
  /** The host path that would go there; undefined: the rule syncs nothing to that place. */
  toSource(target: string): string | undefined;
}

/** What the rules need to know of the host, read by the caller. */
export interface RuleFacts {
  isFile(path: string): boolean;
  /** The path with symbolic links resolved, as far as it exists: events name real paths. */
  realPath(path: string): string;
  /** Patterns of the build context's ignore file (the Dockerfile's own one first); relative to the context. */
  readonly contextPatterns: readonly string[];
  /** Absolute directory of the build context, if the service is built from a local one. */
  readonly contextDir: string | undefined;
}

/** Traces that editors leave while saving; never meant for a container. */
const EDITOR_TRACES = [
  "**/___jb_*___",
  "**/.#*",
  "**/#*#",
  "**/4913",
  "**/*~",
  "**/.*.sw?",
  "**/.*.kate-swp",
  "**/.goutputstream-*",
  "**/*-go-tmp-umask",
];
const ALWAYS_IGNORED = ["**/.git", "**/.idea", ...EDITOR_TRACES];

export function compileRules(name: string, service: Service, facts: RuleFacts): WatchRuleSet[] {
  const context =
    facts.contextDir === undefined
      ? undefined
      : { directory: facts.realPath(facts.contextDir), matcher: createMatcher(facts.contextPatterns) };
  return (service.develop?.watch ?? []).map((rule, index) => {
    const root = facts.realPath(rule.path);
    const isFile = facts.isFile(root);
    const target = isSync(rule.action) ? rootTarget(root, isFile, rule.target ?? "/") : undefined;
    const binds = target === undefined ? [] : bindsAround(service, target);
    const isBound = target !== undefined && binds.some((bind) => below(bind, target) !== undefined);
    const own = createMatcher([...ALWAYS_IGNORED, ...(rule.ignore ?? [])]);
    const include =
      rule.include === undefined || rule.include.length === 0 ? undefined : createMatcher(rule.include);
    const toOwnTarget = (path: string): string => toTarget(root, target ?? "/", path);
    const filter = withoutBinds(
      createFilter({ root, isFile, own, include, context }),
      isBound ? [] : binds,
      toOwnTarget,
    );
    return {
      service: name,
      index,
      action: rule.action,
      root,
      isFile,
      target: isBound ? undefined : target,
      boundTargets: isBound ? [target] : binds,
      exec: rule.exec,
      initialSync: rule.initial_sync === true,
      ...filter,
      toTarget: toOwnTarget,
      toSource: (path) => {
        const inside = target === undefined || isBound ? undefined : below(target, path);
        return inside === undefined ? undefined : join(root, inside);
      },
    };
  });
}

function isSync(action: WatchAction): boolean {
  return action === "sync" || action === "sync+restart" || action === "sync+exec";
}

interface FilterParts {
  readonly root: string;
  readonly isFile: boolean;
  readonly own: Matcher;
  readonly include: Matcher | undefined;
  readonly context: { readonly directory: string; readonly matcher: Matcher } | undefined;
}

function createFilter(parts: FilterParts): Pick<WatchRuleSet, "covers" | "excludes"> {
  const { root, isFile, own, include, context } = parts;
  const ignored = (path: string): boolean => {
    const inside = below(root, path);
    if (inside !== undefined && inside !== "" && own.matches(inside)) return true;
    const inContext = context === undefined ? undefined : below(context.directory, path);
    return inContext !== undefined && inContext !== "" && (context?.matcher.matches(inContext) ?? false);
  };
  const mayExcept = (path: string): boolean => {
    const inside = below(root, path) ?? "";
    const inContext = context === undefined ? undefined : below(context.directory, path);
    const ownDecides = inside !== "" && own.matches(inside);
    const contextDecides =
      inContext !== undefined && inContext !== "" && context?.matcher.matches(inContext) === true;
    return (
      (!ownDecides || own.mayExceptBelow(inside)) &&
      (!contextDecides || context.matcher.mayExceptBelow(inContext))
    );
  };
  return {
    covers: (path, isDirectory) => {
      const inside = below(root, path);
      if (inside === undefined) return false;
      // A named file is wanted, whatever the ignore file of the build says of it.
      if (inside === "") return isFile || include === undefined || isDirectory;
      if (ignored(path)) return false;
      return include === undefined || include.matches(inside);
    },
    excludes: (path, isDirectory) => {
      const inside = below(root, path);
      if (inside === undefined) return true;
      if (inside === "") return false;
      if (isDirectory) {
        if (ignored(path)) return !mayExcept(path);
        return include !== undefined && !include.matches(inside) && !include.mayMatchBelow(inside);
      }
      return ignored(path);
    },
  };
}

/** Relative path with `/` when `path` is `directory` or inside it. */
function below(directory: string, path: string): string | undefined {
  if (path === directory) return "";
  const prefix = directory.endsWith("/") ? directory : `${directory}/`;
  return path.startsWith(prefix) ? path.slice(prefix.length) : undefined;
}

/** A file goes to the target itself, or into it when the target is written as a directory. */
function rootTarget(root: string, isFile: boolean, target: string): string {
  const clean = posix.normalize(target);
  if (isFile && clean.endsWith("/")) return posix.join(clean, basename(root));
  return trimSlash(clean);
}

function trimSlash(path: string): string {
  return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
}

function toTarget(root: string, target: string, path: string): string {
  const inside = relative(root, path).split(sep).join("/");
  return inside === "" ? target : posix.join(target, inside);
}

/** Targets of bind mounts that hold the target or lie below it: syncing there would write to the host itself. */
function bindsAround(service: Service, target: string): string[] {
  return (service.volumes ?? [])
    .filter((mount) => mount.type === "bind")
    .map((mount) => trimSlash(posix.normalize(mount.target)))
    .filter((bind) => below(bind, target) !== undefined || below(target, bind) !== undefined);
}

type Filter = Pick<WatchRuleSet, "covers" | "excludes">;

function withoutBinds(
  filter: Filter,
  binds: readonly string[],
  toOwnTarget: (path: string) => string,
): Filter {
  if (binds.length === 0) return filter;
  const isBound = (path: string): boolean =>
    binds.some((bind) => below(bind, toOwnTarget(path)) !== undefined);
  return {
    covers: (path, isDirectory) => filter.covers(path, isDirectory) && !isBound(path),
    excludes: (path, isDirectory) => filter.excludes(path, isDirectory) || isBound(path),
  };
}
