/**
 * Watching of one service: which host paths go where, the containers that mirror them, and what one batch does.
 */
import { relative } from "node:path";
import type { EngineApi } from "../docker/api.ts";
import type { Hook, Service } from "../../schema/model.ts";
import type { WatchEvent } from "./event.ts";
import type { Batch } from "./loop.ts";
import { isBindMounted, type WatchRuleSet } from "./rules.ts";
import { scanTree, unreadableReason } from "./scan.ts";
import { ContainerSync, type SyncReport } from "./sync/container-sync.ts";
import { errorFacts } from "../execute/error-facts.ts";
import { hostFingerprint, type SyncPath } from "./sync/change.ts";

/** What batches do beyond syncing; made by whoever composes the session. Each rejects with a TcomposeError. */
export interface WatchActions {
  /** Builds the service's image and replaces its containers. */
  rebuild(service: string, signal: AbortSignal): Promise<void>;
  restart(service: string, signal: AbortSignal): Promise<void>;
  /** Runs the command in every running container of the service. */
  exec(service: string, hook: Hook, signal: AbortSignal): Promise<void>;
}

export interface ServiceWatchOptions {
  readonly name: string;
  readonly service: Service;
  readonly rules: readonly WatchRuleSet[];
  readonly engine: EngineApi;
  readonly actions: WatchActions;
  readonly report: (event: WatchEvent) => void;
  readonly now: () => number;
}

const STATS_AT_ONCE = 64;

export class ServiceWatch {
  readonly #options: ServiceWatchOptions;
  /** By container id. */
  readonly #containers = new Map<string, { readonly name: string; readonly sync: ContainerSync }>();
  /** Host states that the image is taken to hold, by target path. */
  #baseline = new Map<string, string>();
  /** Last seen states of paths whose change rebuilds or restarts, so that an echo of an event does nothing. */
  readonly #seen = new Map<string, string>();

  constructor(options: ServiceWatchOptions) {
    this.#options = options;
  }

  get name(): string {
    return this.#options.name;
  }

  get rules(): readonly WatchRuleSet[] {
    return this.#options.rules;
  }

  /** Reads the host tree once: what is there now is taken to be in the image, except under `initial_sync`. */
  async readBaseline(): Promise<void> {
    const baseline = new Map<string, string>();
    for (const rule of this.rules) {
      const paths = await this.#pathsBelow(rule, rule.root);
      await inChunks(paths, STATS_AT_ONCE, async (path) => {
        const fingerprint = await hostFingerprint(path);
        if (fingerprint === undefined) return;
        if (rule.target === undefined) this.#seen.set(path, fingerprint);
        else if (!rule.initialSync) baseline.set(rule.toTarget(path), fingerprint);
      });
    }
    this.#baseline = baseline;
  }

  /** Whether a path that concerns a rebuild or restart rule really differs from what was last seen. */
  async hasChanged(path: string): Promise<boolean> {
    const fingerprint = await hostFingerprint(path);
    if (fingerprint === undefined || fingerprint === this.#seen.get(path)) return false;
    // A path that came and went between two looks, or a directory whose entries have events of their own.
    const isNews = fingerprint !== "gone" || this.#seen.has(path);
    this.#seen.set(path, fingerprint);
    return isNews && !fingerprint.startsWith("d:");
  }

  /** Takes a container in and brings it up to date. A known id was restarted and keeps its files. */
  async addContainer(id: string, name: string, reason: "initial" | "container-started"): Promise<void> {
    const from = this.#options.now();
    let known = this.#containers.get(id);
    if (known === undefined) {
      const sync = new ContainerSync({
        engine: this.#options.engine,
        container: id,
        onUnreadable: (path, error) => {
          this.#options.report({ type: "unreadable", path, reason: unreadableReason(error) });
        },
      });
      sync.assume(this.#baseline);
      known = { name, sync };
      this.#containers.set(id, known);
    }
    const rules = this.#syncRules();
    if (rules.length === 0) return;
    await known.sync.prepare();
    const report = await this.#syncContainer(
      known.sync,
      new Map(rules.map((rule) => [rule, new Set([rule.root])])),
    );
    this.#reportSync([name], report, from, reason, undefined);
  }

  removeContainer(id: string): void {
    this.#containers.get(id)?.sync.close();
    this.#containers.delete(id);
  }

  hasContainer(id: string): boolean {
    return this.#containers.has(id);
  }

  /** Carries one batch out. False when something failed; it has been reported then. */
  async run(batch: Batch, since: number, signal: AbortSignal): Promise<boolean> {
    if (batch.rebuild) return this.#rebuild(batch, signal);
    const synced = await this.#syncAll(batch, since);
    if (synced === undefined) return false;
    const syncOnly = [...batch.sync.keys()];
    const plainRestart =
      batch.restart && this.rules.some((rule) => rule.action === "restart" && !syncOnly.includes(rule.index));
    if (batch.restart && (synced || plainRestart)) {
      const done = await this.#act("restart", batch.paths, () =>
        this.#options.actions.restart(this.name, signal),
      );
      if (!done) return false;
    }
    if (!synced) return true;
    for (const index of batch.exec) {
      const hook = this.rules[index]?.exec;
      if (hook === undefined) continue;
      if (!(await this.#act("exec", batch.paths, () => this.#options.actions.exec(this.name, hook, signal))))
        return false;
    }
    return true;
  }

  close(): void {
    for (const { sync } of this.#containers.values()) sync.close();
    this.#containers.clear();
  }

  async #rebuild(batch: Batch, signal: AbortSignal): Promise<boolean> {
    // Read before the build, so that what changes during it differs from the baseline and is synced afterwards.
    await this.readBaseline();
    return this.#act("rebuild", batch.paths, () => this.#options.actions.rebuild(this.name, signal), signal);
  }

  async #act(
    action: "rebuild" | "restart" | "exec",
    paths: number,
    work: () => Promise<void>,
    signal?: AbortSignal,
  ): Promise<boolean> {
    const { report, now, name } = this.#options;
    const from = now();
    report({ type: "started", service: name, action, paths });
    try {
      await work();
      report({ type: "done", service: name, action, durationMs: now() - from });
      return true;
    } catch (error) {
      if (signal?.aborted === true) report({ type: "superseded", service: name });
      else report({ type: "failed", service: name, action, error: errorFacts(error) });
      return false;
    }
  }

  /** True when something was written, false when everything was up to date, undefined when it failed. */
  async #syncAll(batch: Batch, since: number): Promise<boolean | undefined> {
    const wanted = new Map<WatchRuleSet, ReadonlySet<string>>();
    for (const [index, paths] of batch.sync) {
      const rule = this.rules[index];
      if (rule !== undefined) wanted.set(rule, paths);
    }
    if (wanted.size === 0) return false;
    const containers = [...this.#containers.values()];
    const results = await Promise.allSettled(containers.map(({ sync }) => this.#syncContainer(sync, wanted)));
    const reports: SyncReport[] = [];
    let failed = false;
    for (const result of results) {
      if (result.status === "fulfilled") reports.push(result.value);
      else {
        failed = true;
        this.#options.report({
          type: "failed",
          service: this.name,
          action: "sync",
          error: errorFacts(result.reason),
        });
      }
    }
    const total = largest(reports);
    this.#reportSync(
      containers.map(({ name }) => name),
      total,
      since,
      "change",
      exampleOf(wanted),
    );
    return failed ? undefined : total.via !== "none";
  }

  async #syncContainer(
    sync: ContainerSync,
    wanted: ReadonlyMap<WatchRuleSet, ReadonlySet<string>>,
  ): Promise<SyncReport> {
    const paths = new Map<string, SyncPath>();
    for (const [rule, changed] of wanted) {
      for (const path of changed)
        for (const found of await this.#expand(rule, path, sync)) paths.set(found.target, found);
    }
    return sync.sync([...paths.values()]);
  }

  /** A directory stands for everything below it, on the host or in the container. */
  async #expand(rule: WatchRuleSet, path: string, sync: ContainerSync): Promise<SyncPath[]> {
    const target = rule.toTarget(path);
    const fingerprint = await hostFingerprint(path);
    if (fingerprint?.startsWith("d:") !== true) return [{ source: path, target }];
    const found = new Map<string, SyncPath>();
    for (const known of sync.knownBelow(target)) {
      const source = path + known.slice(target === "/" ? 0 : target.length);
      if (rule.covers(source, false)) found.set(known, { source, target: known });
    }
    for (const source of await this.#pathsBelow(rule, path)) {
      found.set(rule.toTarget(source), { source, target: rule.toTarget(source) });
    }
    return [...found.values()];
  }

  async #pathsBelow(rule: WatchRuleSet, path: string): Promise<string[]> {
    const { report } = this.#options;
    const all = await scanTree(
      path,
      (candidate, isDirectory) => rule.excludes(candidate, isDirectory),
      (directory, error) => {
        report({ type: "unreadable", path: directory, reason: unreadableReason(error) });
      },
    );
    // The root itself is the target directory, which exists or is made as a parent.
    return all
      .filter((found) => found !== rule.root || rule.isFile)
      .filter((found) => rule.covers(found, false));
  }

  #syncRules(): WatchRuleSet[] {
    return this.rules.filter(
      (rule) => rule.target !== undefined && !isBindMounted(this.#options.service, rule.target),
    );
  }

  #reportSync(
    containers: readonly string[],
    total: SyncReport,
    since: number,
    reason: "change" | "initial" | "container-started",
    example: string | undefined,
  ): void {
    if (total.via === "none") return;
    this.#options.report({
      type: "synced",
      service: this.name,
      containers,
      written: total.written,
      deleted: total.deleted,
      bytes: total.bytes,
      via: total.via,
      durationMs: this.#options.now() - since,
      reason,
      example,
    });
  }
}

/** Replicas get the same changes: the largest report speaks for all. */
function largest(reports: readonly SyncReport[]): SyncReport {
  const none: SyncReport = { written: 0, deleted: 0, bytes: 0, via: "none" };
  return reports.reduce(
    (best, next) => (next.written + next.deleted > best.written + best.deleted ? next : best),
    none,
  );
}

function exampleOf(wanted: ReadonlyMap<WatchRuleSet, ReadonlySet<string>>): string | undefined {
  const [first] = wanted;
  if (first === undefined) return undefined;
  const [rule, paths] = first;
  const [path] = paths;
  return path === undefined ? undefined : relative(rule.root, path) || path;
}

async function inChunks<T>(
  items: readonly T[],
  size: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  for (let from = 0; from < items.length; from += size)
    await Promise.all(items.slice(from, from + size).map(work));
}
