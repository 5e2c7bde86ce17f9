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
  /** A bind mount shows the host's files there already: the rule syncs nothing, the rest of its action stays. */
  readonly boundTarget: string | undefined;
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
    const isBound = target !== undefined && isBindMounted(service, target);
    const own = createMatcher([...ALWAYS_IGNORED, ...(rule.ignore ?? [])]);
    const include =
      rule.include === undefined || rule.include.length === 0 ? undefined : createMatcher(rule.include);
    const filter = createFilter({ root, isFile, own, include, context });
    return {
      service: name,
      index,
      action: rule.action,
      root,
      isFile,
      target: isBound ? undefined : target,
      boundTarget: isBound ? target : undefined,
      exec: rule.exec,
      initialSync: rule.initial_sync === true,
      ...filter,
      toTarget: (path) => toTarget(root, target ?? "/", path),
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
  return clean.length > 1 && clean.endsWith("/") ? clean.slice(0, -1) : clean;
}

function toTarget(root: string, target: string, path: string): string {
  const inside = relative(root, path).split(sep).join("/");
  return inside === "" ? target : posix.join(target, inside);
}

/** Whether a bind mount covers the target: syncing there would write to the host itself. */
function isBindMounted(service: Service, target: string): boolean {
  return (service.volumes ?? []).some(
    (mount) =>
      mount.type === "bind" &&
      (target === mount.target || target.startsWith(mount.target.replace(/\/*$/, "/"))),
  );
}
