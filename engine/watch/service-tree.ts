/** The host files that the rules of one service concern, and what is known of their states. */
import { dirname } from "node:path";
import { RealDirectories, type SyncPath } from "./sync/change.ts";
import { exactFingerprint, GONE, hostFingerprint, lookOf } from "./sync/fingerprint.ts";
import type { WatchRuleSet } from "./rules.ts";
import type { Settling } from "./settling.ts";
import { isNameless, mayBeNameless, scanTree } from "./scan.ts";

export interface ServiceTreeOptions {
  readonly rules: readonly WatchRuleSet[];
  /** Files that are still being written. */
  readonly settling: Settling;
  /** A host path that cannot be read is left out, and told here. */
  readonly onUnreadable: (path: string, error: unknown) => void;
}

export interface Expanded {
  readonly paths: readonly SyncPath[];
  /** Rules that a target path belongs to. */
  readonly rulesOf: ReadonlyMap<string, ReadonlySet<WatchRuleSet>>;
}

/** What a container is known to have, as `ContainerSync` tells. */
export type KnownBelow = (target: string) => readonly string[];

export class ServiceTree {
  readonly #options: ServiceTreeOptions;
  /** Last seen states of paths whose change rebuilds or restarts, so that an echo of an event does nothing. */
  readonly #seen = new Map<string, string>();

  constructor(options: ServiceTreeOptions) {
    this.#options = options;
  }

  /**
   * Reads the whole tree. The host states that the image is taken to hold, by target path: everything but the rules
   * with `initial_sync`.
   */
  async readBaseline(): Promise<Map<string, string>> {
    const baseline = new Map<string, string>();
    const initial = new Set<string>();
    for (const rule of this.#options.rules) {
      const paths = await this.#pathsBelow(rule, rule.root);
      for (const path of paths) {
        const fingerprint = this.#exactFingerprint(path, undefined);
        if (fingerprint === undefined) continue;
        if (rule.target === undefined) this.#seen.set(path, fingerprint);
        else if (rule.initialSync) initial.add(rule.toTarget(path));
        else baseline.set(rule.toTarget(path), fingerprint);
      }
    }
    for (const target of initial) baseline.delete(target);
    return baseline;
  }

  /** Whether a path that concerns a rule without sync really differs from what was last seen. */
  hasChanged(path: string): boolean {
    const seen = this.#seen.get(path);
    const fingerprint = this.#exactFingerprint(path, seen);
    if (fingerprint === undefined || fingerprint === seen) return false;
    const look = lookOf(fingerprint);
    if (look !== undefined && this.#options.settling.mustWait(path, look, lookOf(seen))) return false;
    // A path that came and went between two looks, or a directory whose entries have events of their own.
    const isNews = fingerprint !== GONE || seen !== undefined;
    this.#seen.set(path, fingerprint);
    return isNews && !fingerprint.startsWith("d:");
  }

  /** Paths of the rules without sync that differ from what was last seen, with their rule. */
  async missedChanges(): Promise<readonly (readonly [WatchRuleSet, string])[]> {
    const missed: (readonly [WatchRuleSet, string])[] = [];
    for (const rule of this.#options.rules.filter(({ target }) => target === undefined)) {
      for (const path of await this.#pathsBelow(rule, rule.root))
        if (this.hasChanged(path)) missed.push([rule, path]);
    }
    return missed;
  }

  /** What to compare for these changes: a directory stands for everything below it, on the host or in the container. */
  async expand(
    wanted: ReadonlyMap<WatchRuleSet, ReadonlySet<string>>,
    knownBelow: KnownBelow,
  ): Promise<Expanded> {
    const found = new Map<string, SyncPath>();
    const rulesOf = new Map<string, Set<WatchRuleSet>>();
    const add = (rule: WatchRuleSet, path: SyncPath): void => {
      found.set(path.target, path);
      const rules = rulesOf.get(path.target);
      if (rules === undefined) rulesOf.set(path.target, new Set([rule]));
      else rules.add(rule);
    };
    const directories = new RealDirectories();
    for (const [rule, changed] of wanted) {
      const covered = new Set<string>();
      for (const path of [...changed].sort()) {
        if (isBelowAny(path, covered)) continue;
        const fingerprint = this.#fingerprint(path);
        if (fingerprint === undefined || (fingerprint === GONE && (await this.#isNameless(path)))) continue;
        const isGoneRoot = fingerprint === GONE && path === rule.root && !rule.isFile;
        const isDirectory = fingerprint.startsWith("d:") && directories.has(dirname(path));
        if (isDirectory || isGoneRoot) {
          covered.add(path);
          for (const below of await this.#expandDirectory(rule, path, knownBelow)) add(rule, below);
        } else {
          const isRoot = rule.isFile && path === rule.root;
          const target = rule.toTarget(path);
          const source = fingerprint === GONE ? this.#sourceOf(target, path) : path;
          add(rule, { source, target, ...(isRoot ? { isRoot } : {}) });
        }
      }
    }
    return { paths: [...found.values()], rulesOf };
  }

  async #expandDirectory(rule: WatchRuleSet, path: string, knownBelow: KnownBelow): Promise<SyncPath[]> {
    const found: SyncPath[] = [];
    const target = rule.toTarget(path);
    for (const known of knownBelow(target)) {
      const source = path + known.slice(target === "/" ? 0 : target.length);
      if (rule.covers(source, false)) found.push({ source: this.#sourceOf(known, source), target: known });
    }
    for (const source of await this.#pathsBelow(rule, path)) {
      found.push({ source, target: rule.toTarget(source) });
    }
    return found;
  }

  /** Where a path in the container comes from: what one rule has no more, another may bring. */
  #sourceOf(target: string, source: string): string {
    if (this.#options.rules.length === 1 || this.#fingerprint(source) !== GONE) return source;
    for (const rule of this.#options.rules) {
      const other = rule.toSource(target);
      if (other === undefined || other === source || !rule.covers(other, false)) continue;
      const fingerprint = this.#fingerprint(other);
      if (fingerprint !== undefined && fingerprint !== GONE) return other;
    }
    return source;
  }

  async #pathsBelow(rule: WatchRuleSet, path: string): Promise<string[]> {
    const all = await scanTree(
      path,
      (candidate, isDirectory) => rule.excludes(candidate, isDirectory),
      this.#options.onUnreadable,
    );
    const nameless = new Set<string>();
    for (const found of all.filter(mayBeNameless)) if (await this.#isNameless(found)) nameless.add(found);
    // The root itself is the target directory, which exists or is made as a parent.
    return all
      .filter((found) => !nameless.has(found))
      .filter((found) => found !== rule.root || rule.isFile)
      .filter((found) => rule.covers(found, false));
  }

  async #isNameless(path: string): Promise<boolean> {
    const found = await isNameless(path);
    if (found) this.#options.onUnreadable(path, new Error("its name is not UTF-8"));
    return found;
  }

  #fingerprint(path: string): string | undefined {
    return this.#look(path, () => hostFingerprint(path));
  }

  #exactFingerprint(path: string, known: string | undefined): string | undefined {
    return this.#look(path, () => exactFingerprint(path, known));
  }

  #look(path: string, look: () => string | undefined): string | undefined {
    try {
      return look();
    } catch (error) {
      this.#options.onUnreadable(path, error);
      return undefined;
    }
  }
}

function isBelowAny(path: string, directories: ReadonlySet<string>): boolean {
  if (directories.size === 0) return false;
  for (let at = path.lastIndexOf("/"); at > 0; at = path.lastIndexOf("/", at - 1)) {
    if (directories.has(path.slice(0, at))) return true;
  }
  return false;
}
