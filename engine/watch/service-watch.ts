/**
 * Watching of one service: the containers that mirror its files, and what one batch of changes does.
 */
import type { EngineApi } from "../docker/api.ts";
import { AbortedError, EngineUnreachableError, isNotFound } from "../error.ts";
import { errorFacts } from "../execute/error-facts.ts";
import type { Hook } from "../../schema/model.ts";
import { type Compared, exampleOf, joinReports, larger, NOTHING } from "./compared.ts";
import type { WatchEvent } from "./event.ts";
import type { Batch } from "./loop.ts";
import type { WatchRuleSet } from "./rules.ts";
import { unreadableReason } from "./scan.ts";
import { ServiceTree } from "./service-tree.ts";
import { Settling } from "./settling.ts";
import { ContainerSync, type SyncReport } from "./sync/container-sync.ts";
import { tellFailures } from "./sync-failures.ts";

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
  readonly rules: readonly WatchRuleSet[];
  readonly engine: EngineApi;
  readonly actions: WatchActions;
  readonly report: (event: WatchEvent) => void;
  readonly now: () => number;
}

type SyncReason = Extract<WatchEvent, { type: "synced" }>["reason"];
type Wanted = ReadonlyMap<WatchRuleSet, ReadonlySet<string>>;

interface Mirror {
  readonly id: string;
  readonly name: string;
  readonly sync: ContainerSync;
  /** It was not brought up to date when it was taken in: the next change compares everything. */
  isBehind: boolean;
}

interface Reached {
  readonly mirror: Mirror;
  readonly compared: Compared;
}

/** What the syncing part of a batch came to. */
interface SyncedBatch {
  readonly changed: ReadonlySet<WatchRuleSet>;
  readonly refused: ReadonlySet<WatchRuleSet>;
}

/** What a session is to its services. */
export interface Surroundings {
  /** A file was still being written when it was looked at, and may be done now. */
  onDue(path: string): void;
  /** The engine does not answer; that is said, and all containers are brought up to date when it does. */
  isEngineLost(): boolean;
}

/** Signals of one batch. */
export interface BatchSignals {
  /** A newer change made the build pointless, or watching ends. */
  readonly build: AbortSignal;
  /** Watching ends. */
  readonly stop: AbortSignal;
}

export class ServiceWatch {
  readonly #options: ServiceWatchOptions;
  readonly #tree: ServiceTree;
  readonly #settling: Settling;
  #surroundings: Surroundings | undefined;
  /** By container id. */
  readonly #mirrors = new Map<string, Mirror>();
  /** Host states that the image is taken to hold, by target path. */
  #baseline: ReadonlyMap<string, string> = new Map();
  /** What containers had when watching ended, by id: it may begin again. */
  readonly #left = new Map<string, ReadonlyMap<string, string>>();
  /** Indexes of rules whose restart or command is still to be done: their files are in the container already. */
  readonly #owed = new Set<number>();
  /** Host paths that could not be read and have been told. */
  readonly #unreadable = new Set<string>();

  constructor(options: ServiceWatchOptions) {
    this.#options = options;
    this.#settling = new Settling({
      onDue: (path) => {
        this.#surroundings?.onDue(path);
      },
    });
    this.#tree = new ServiceTree({
      rules: options.rules,
      settling: this.#settling,
      onUnreadable: (path, error) => {
        this.#tellUnreadable(path, error);
      },
    });
  }

  get name(): string {
    return this.#options.name;
  }

  get rules(): readonly WatchRuleSet[] {
    return this.#options.rules;
  }

  /** The session that it works in from now on. */
  join(surroundings: Surroundings): void {
    this.#surroundings = surroundings;
  }

  /** Reads the host tree once: what is there is taken to be in the image if it `isBuilt`, except under `initial_sync`. */
  async readBaseline(isBuilt = true): Promise<void> {
    const baseline = await this.#tree.readBaseline();
    this.#baseline = isBuilt ? baseline : new Map();
  }

  /** Whether a path that concerns a rebuild or restart rule really differs from what was last seen. */
  hasChanged(path: string): boolean {
    return this.#tree.hasChanged(path);
  }

  /** Changes since the baseline that rules without sync have to answer and no event has told of. */
  missedChanges(): Promise<readonly (readonly [WatchRuleSet, string])[]> {
    return this.#tree.missedChanges();
  }

  /** Takes a container in and brings it up to date. A known id was restarted and keeps its files. */
  async addContainer(id: string, name: string, reason: Exclude<SyncReason, "change">): Promise<void> {
    const from = this.#options.now();
    const rules = this.#syncRules();
    if (rules.length === 0) return;
    const mirror = this.#mirrors.get(id) ?? this.#createMirror(id, name);
    try {
      await mirror.sync.prepare();
      const compared = await this.#compare(mirror, wholeTrees(rules));
      mirror.isBehind = compared.refused.size > 0;
      this.#reportSync([mirror], compared.report, { since: from, reason, example: undefined });
      this.#reportRefused([{ mirror, compared }]);
    } catch (error) {
      mirror.isBehind = this.#failedSync(mirror, error);
    }
  }

  removeContainer(id: string): void {
    this.#mirrors.get(id)?.sync.close();
    this.#mirrors.delete(id);
    this.#left.delete(id);
  }

  /**
   * Carries one batch out. The indexes of rules whose changes are to be tried again with the next one; what went wrong
   * has been reported.
   */
  async run(batch: Batch, since: number, { build, stop }: BatchSignals): Promise<ReadonlySet<number>> {
    if (batch.rebuild && (await this.#rebuild(batch, build))) return new Set();
    // A newer change ended the build, or watching ends: the next batch has it all.
    if (batch.rebuild && build.aborted) return batch.rules;
    // After a build that failed the old containers get what they can have.
    const { changed, refused } = await this.#syncAll(batch, since, stop);
    const failed = new Set([...refused].map(({ index }) => index));
    for (const index of batch.rules) if (this.rules[index]?.action === "rebuild") failed.add(index);
    for (const index of batch.plainRestart) this.#owed.add(index);
    for (const { index, action } of changed) if (action !== "sync") this.#owed.add(index);
    // What a rule brings is complete before anything acts on it.
    const owed = [...this.#owed].filter((index) => !failed.has(index)).sort((a, b) => a - b);
    const restarting = owed.filter((index) => this.rules[index]?.exec === undefined);
    if (restarting.length > 0) {
      const restart = (): Promise<void> => this.#options.actions.restart(this.name, stop);
      if (!(await this.#act("restart", batch.paths, restart, stop))) return new Set([...failed, ...owed]);
      for (const index of restarting) this.#owed.delete(index);
    }
    for (const index of owed) {
      const hook = this.rules[index]?.exec;
      if (hook === undefined) continue;
      const exec = (): Promise<void> => this.#options.actions.exec(this.name, hook, stop);
      if (await this.#act("exec", batch.paths, exec, stop)) this.#owed.delete(index);
      else failed.add(index);
    }
    return failed;
  }

  close(): void {
    this.#settling.close();
    for (const [id, { sync }] of this.#mirrors) {
      sync.close();
      this.#left.set(id, sync.known);
    }
    this.#mirrors.clear();
  }

  async #rebuild(batch: Batch, signal: AbortSignal): Promise<boolean> {
    const before = this.#baseline;
    // Read before the build, so that what changes during it differs from the baseline and is synced afterwards.
    await this.readBaseline();
    const rebuild = (): Promise<void> => this.#options.actions.rebuild(this.name, signal);
    const ok = await this.#act("rebuild", batch.paths, rebuild, signal);
    if (!ok) this.#baseline = before;
    return ok;
  }

  async #act(
    action: "rebuild" | "restart" | "exec",
    paths: number,
    work: () => Promise<void>,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { report, now, name } = this.#options;
    const from = now();
    report({ type: "started", service: name, action, paths });
    try {
      await work();
      report({ type: "done", service: name, action, durationMs: now() - from });
      return true;
    } catch (error) {
      if (!signal.aborted) report({ type: "failed", service: name, action, error: errorFacts(error) });
      else if (action === "rebuild") report({ type: "superseded", service: name });
      return false;
    }
  }

  async #syncAll(batch: Batch, since: number, signal: AbortSignal): Promise<SyncedBatch> {
    const wanted = new Map<WatchRuleSet, ReadonlySet<string>>();
    const changed = new Set<WatchRuleSet>();
    const refused = new Set<WatchRuleSet>();
    for (const [index, paths] of batch.sync) {
      const rule = this.rules[index];
      if (rule === undefined) continue;
      // Bind mounted: the container sees the change already.
      if (rule.target === undefined) changed.add(rule);
      else wanted.set(rule, paths);
    }
    if (wanted.size === 0) return { changed, refused };
    const done: Reached[] = [];
    await Promise.all(
      [...this.#mirrors.values()].map(async (mirror) => {
        try {
          const paths = mirror.isBehind ? wholeTrees(this.#syncRules()) : wanted;
          const compared = await this.#compare(mirror, paths, signal);
          if (mirror.isBehind) mirror.isBehind = compared.refused.size > 0;
          done.push({ mirror, compared });
        } catch (error) {
          if (this.#failedSync(mirror, error)) for (const rule of wanted.keys()) refused.add(rule);
        }
      }),
    );
    for (const { compared } of done) {
      for (const rule of compared.changed) changed.add(rule);
      for (const rule of compared.refused) refused.add(rule);
    }
    const { report, example } = done.map(({ compared }) => compared).reduce(larger, NOTHING);
    const served = done.filter(({ compared }) => compared.report.via !== "none");
    this.#reportSync(
      served.map(({ mirror }) => mirror),
      report,
      { since, reason: "change", example },
    );
    this.#reportRefused(done);
    return { changed, refused };
  }

  /** Looks a second time when something was refused: the tree may have changed while it was read. */
  async #compare(mirror: Mirror, wanted: Wanted, signal?: AbortSignal): Promise<Compared> {
    const first = await this.#compareOnce(mirror, wanted, signal);
    if (!first.report.failed.some(({ isNews }) => isNews)) return first;
    const second = await this.#compareOnce(mirror, wanted, signal);
    const changed = new Set([...first.changed, ...second.changed]);
    const report = joinReports(first.report, second.report);
    return { ...second, report, changed, example: exampleOf(report.targets, changed) };
  }

  async #compareOnce(mirror: Mirror, wanted: Wanted, signal?: AbortSignal): Promise<Compared> {
    const { paths, rulesOf } = await this.#tree.expand(wanted, (target) => mirror.sync.knownBelow(target));
    const report = await mirror.sync.sync(paths, signal);
    const rulesWith = (targets: readonly string[]): Set<WatchRuleSet> =>
      new Set(targets.flatMap((target) => [...(rulesOf.get(target) ?? [])]));
    const changed = rulesWith(report.targets);
    const refused = rulesWith(report.failed.flatMap(({ targets }) => targets));
    return { report, changed, refused, example: exampleOf(report.targets, changed) };
  }

  #syncRules(): readonly WatchRuleSet[] {
    return this.#options.rules.filter((rule) => rule.target !== undefined);
  }

  #createMirror(id: string, name: string): Mirror {
    const sync = new ContainerSync({
      engine: this.#options.engine,
      container: id,
      onUnreadable: (path, error) => {
        this.#tellUnreadable(path, error);
      },
      onRead: (path) => void this.#unreadable.delete(path),
      settling: this.#settling,
    });
    sync.assume(this.#left.get(id) ?? this.#baseline);
    this.#left.delete(id);
    const mirror = { id, name, sync, isBehind: false };
    this.#mirrors.set(id, mirror);
    return mirror;
  }

  #reportRefused(done: readonly Reached[]): void {
    const failures = done.map(({ mirror, compared }) => ({
      container: mirror.name,
      failed: compared.report.failed,
    }));
    for (const failure of tellFailures(failures, this.#mirrors.size))
      this.#options.report({ type: "failed", service: this.name, action: "sync", ...failure });
  }

  /** False when it need not be tried again: the container is gone, or watching ends. */
  #failedSync({ id }: Mirror, error: unknown): boolean {
    if (isNotFound(error)) this.removeContainer(id);
    if (isNotFound(error) || error instanceof AbortedError || !this.#mirrors.has(id)) return false;
    if (error instanceof EngineUnreachableError && this.#surroundings?.isEngineLost() === true) return true;
    this.#options.report({ type: "failed", service: this.name, action: "sync", error: errorFacts(error) });
    return true;
  }

  #tellUnreadable(path: string, error: unknown): void {
    if (this.#unreadable.has(path)) return;
    this.#unreadable.add(path);
    this.#options.report({ type: "unreadable", path, reason: unreadableReason(error) });
  }

  #reportSync(
    mirrors: readonly Mirror[],
    total: SyncReport,
    about: { readonly since: number; readonly reason: SyncReason; readonly example: string | undefined },
  ): void {
    const { report, now } = this.#options;
    const { written, deleted, bytes, via, kept, keptReason } = total;
    if (via !== "none") {
      report({
        type: "synced",
        service: this.name,
        containers: mirrors.map(({ name }) => name),
        written,
        deleted,
        bytes,
        via,
        durationMs: now() - about.since,
        reason: about.reason,
        example: about.example,
      });
    }
    if (kept.length > 0)
      report({ type: "not-deleted", service: this.name, targets: kept, reason: keptReason ?? "" });
  }
}

function wholeTrees(rules: readonly WatchRuleSet[]): Wanted {
  return new Map(rules.map((rule) => [rule, new Set([rule.root])]));
}
