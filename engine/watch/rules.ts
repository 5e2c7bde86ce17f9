/**
 * `develop.watch` rules of a service, ready to answer: does this path concern the rule, and where does it go?
 * Source: the Compose Develop specification; ignore rules are those of build contexts (see `match.ts`).
 */
import { join, posix, relative } from "node:path";
import type { Hook, Service, WatchAction } from "../../schema/model.ts";
import type { LoopRule } from "./loop.ts";
import { createMatcher, type Matcher } from "./match.ts";

export interface WatchRuleSet extends LoopRule {
  /** Absolute host path that is watched. */
  readonly root: string;
  /** The root is a file. */
  readonly isFile: boolean;
  /** Absolute path in the container that mirrors the root; present for the sync actions. */
  readonly target: string | undefined;
  readonly exec: Hook | undefined;
  readonly initialSync: boolean;
  /** Whether a change of this absolute host path concerns the rule. */
  covers(path: string, isDirectory: boolean): boolean;
  /** Whether nothing at or below this directory can concern the rule. */
  excludes(path: string, isDirectory: boolean): boolean;
  /** Where a covered host path goes. */
  toTarget(path: string): string;
}

/** What the rules need to know of the host, read by the caller. */
export interface RuleFacts {
  isFile(path: string): boolean;
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
  "**/.tcompose-canary-*",
];
const ALWAYS_IGNORED = ["**/.git", "**/.idea", ...EDITOR_TRACES];

export function compileRules(name: string, service: Service, facts: RuleFacts): WatchRuleSet[] {
  const context =
    facts.contextDir === undefined
      ? undefined
      : { directory: facts.contextDir, matcher: createMatcher(facts.contextPatterns) };
  return (service.develop?.watch ?? []).map((rule, index) => {
    const isFile = facts.isFile(rule.path);
    const own = createMatcher([...ALWAYS_IGNORED, ...(rule.ignore ?? [])]);
    const include =
      rule.include === undefined || rule.include.length === 0 ? undefined : createMatcher(rule.include);
    const filter = createFilter({ root: rule.path, isFile, own, include, context });
    return {
      service: name,
      index,
      action: rule.action,
      root: rule.path,
      isFile,
      target: isSync(rule.action) ? rule.target : undefined,
      exec: rule.exec,
      initialSync: rule.initial_sync === true && isSync(rule.action),
      ...filter,
      toTarget: (path) => toTarget(rule.path, rule.target ?? "/", path),
    };
  });
}

export function isSync(action: WatchAction): boolean {
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
      (!contextDecides || context?.matcher.mayExceptBelow(inContext) === true)
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

function toTarget(root: string, target: string, path: string): string {
  const inside = relative(root, path).split("\\").join("/");
  const clean = posix.normalize(target);
  if (inside === "") return clean.length > 1 && clean.endsWith("/") ? clean.slice(0, -1) : clean;
  return posix.join(clean, inside);
}

/** Host paths of bind mounts whose target covers a rule's target: syncing there would write to the host itself. */
export function isBindMounted(service: Service, target: string): boolean {
  return (service.volumes ?? []).some(
    (mount) =>
      mount.type === "bind" && (target === mount.target || target.startsWith(join(mount.target, "/"))),
  );
}
