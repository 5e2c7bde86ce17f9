/**
 * A watch session: file events in, synced, restarted and rebuilt services out, until it is aborted.
 * The order of things is decided by `WatchLoop`; this file only carries effects between it and the world.
 */
import { sep } from "node:path";
import type { EngineApi } from "../docker/api.ts";
import { AbortedError } from "../error.ts";
import { systemClock } from "../execute/clock.ts";
import { errorFacts } from "../execute/error-facts.ts";
import { ContainerFeed, listFeedContainers } from "./container-feed.ts";
import type { WatchEvent } from "./event.ts";
import { FileWatcher } from "./file-watcher.ts";
import { type Batch, type LoopInput, WatchLoop } from "./loop.ts";
import { Removals } from "./removals.ts";
import type { WatchRuleSet } from "./rules.ts";
import type { ServiceWatch } from "./service-watch.ts";
import { SourceChanges } from "./source-changes.ts";
import { TreeVerifier } from "./tree-verifier.ts";
import type { WatchRoot } from "./tree-watch.ts";

/** What is watched; it can be replaced while the session runs. */
export interface WatchScope {
  readonly services: readonly ServiceWatch[];
  /** Files that the loader read; a change of one calls `reload`. */
  readonly sources: readonly string[];
}

export interface WatchSessionOptions {
  readonly engine: EngineApi;
  readonly project: string;
  readonly scope: WatchScope;
  readonly reload: (changed: readonly string[]) => void;
  readonly report: (event: WatchEvent) => void;
  /** See `RemovalsOptions`. */
  readonly restore: ((service: string) => Promise<boolean>) | undefined;
  readonly signal: AbortSignal;
  /** Milliseconds. */
  readonly now: () => number;
  /** Overrides the test for file systems that tell of changes. */
  readonly isLocal?: (path: string) => Promise<boolean>;
}

export class WatchSession {
  readonly #options: WatchSessionOptions;
  readonly #loop = new WatchLoop();
  readonly #verifier: TreeVerifier;
  readonly #sourceChanges: SourceChanges;
  readonly #removals: Removals;
  #byName: ReadonlyMap<string, ServiceWatch> = new Map();
  #rules: readonly WatchRuleSet[] = [];
  #watcher: FileWatcher | undefined;
  #feed: ContainerFeed | undefined;
  /** Time of the first change that the next batch of a service answers. */
  readonly #since = new Map<string, number>();
  readonly #builds = new Map<string, AbortController>();
  /** Batches that run, by service. */
  readonly #running = new Map<string, Promise<void>>();
  #told = "";
  #wake: NodeJS.Timeout | undefined;

  constructor(options: WatchSessionOptions) {
    this.#options = options;
    this.#sourceChanges = new SourceChanges(options.reload);
    const { engine, project, report, restore, now, signal } = options;
    this.#removals = new Removals({
      restore,
      report,
      now,
      isWatched: (service) => this.#byName.has(service),
      empty: async (services) => {
        if (services.length === 0) return [];
        const there = await listFeedContainers(engine, project, signal);
        return services.filter((name) => there.every(({ service }) => service !== name));
      },
    });
    this.#verifier = new TreeVerifier(
      () => this.#loop.idle,
      (service) => {
        void this.#compareAll(service);
      },
    );
  }

  /** Resolves when the signal aborts and all work has ended. Rejects when watching cannot start. */
  async run(): Promise<void> {
    const { signal, now } = this.#options;
    if (signal.aborted) return;
    const from = now();
    const feed = this.#createFeed();
    this.#feed = feed;
    try {
      this.#take(this.#options.scope);
      await this.#startWatcher();
      await feed.run(() => {
        this.#ready(from);
      });
    } finally {
      await this.#close();
    }
  }

  /** Watches something else from now on. What is queued for services that stay is kept. */
  async replace(scope: WatchScope): Promise<void> {
    const from = this.#options.now();
    const before = this.#byName;
    this.#take(scope);
    for (const [name, old] of before) {
      const next = this.#byName.get(name);
      if (next === old) continue;
      this.#loop.replaceRules(name, next?.rules ?? []);
      // What runs for it ends first.
      void (this.#running.get(name) ?? Promise.resolve()).then(() => {
        old.close();
      });
    }
    await this.#startWatcher();
    const added = [...this.#byName.values()].filter((service) => before.get(service.name) !== service);
    await this.#adopt(added);
    if (!this.#options.signal.aborted) this.#ready(from);
  }

  #take({ services, sources }: WatchScope): void {
    this.#byName = new Map(services.map((service) => [service.name, service]));
    this.#rules = services.flatMap((service) => [...service.rules]);
    for (const service of services) {
      service.join({
        onDue: (path) => {
          this.#onPath(path);
        },
        isEngineLost: () => this.#feed?.isLost ?? false,
      });
    }
    this.#sourceChanges.watch(sources);
  }

  /** The new watcher is there before the old one goes: nothing is missed in between. */
  async #startWatcher(): Promise<void> {
    const old = this.#watcher;
    const { isLocal, report, signal } = this.#options;
    const roots: WatchRoot[] = [
      ...this.#rules.map((rule) => ({ path: rule.root, isFile: rule.isFile })),
      ...this.#sourceChanges.paths.map((path) => ({ path, isFile: true })),
    ];
    const watcher = new FileWatcher({
      roots: uniqueRoots(roots),
      isIgnored: (path, isDirectory) => this.#rules.every((rule) => leavesOut(rule, path, isDirectory)),
      onPath: (path) => {
        this.#onPath(path);
      },
      onNotice: (notice) => {
        report({ type: "notice", notice });
      },
      polls: old?.polling,
      ...(isLocal === undefined ? {} : { isLocal }),
    });
    this.#watcher = watcher;
    await watcher.start();
    await old?.close();
    if (signal.aborted) await watcher.close();
    for (const service of this.#byName.values()) {
      for (const [rule, path] of await service.missedChanges()) this.#changed(rule, path);
    }
  }

  #createFeed(): ContainerFeed {
    const { engine, project, report, signal } = this.#options;
    return new ContainerFeed({
      engine,
      project,
      signal,
      report,
      clock: systemClock,
      onContainer: async ({ id, name, service }, reason) => {
        await this.#byName.get(service)?.addContainer(id, name, reason);
      },
      onEvent: (message, container) => {
        if (message.Action === "destroy") this.#byName.get(container.service)?.removeContainer(container.id);
        this.#removals.hear(message, container);
      },
    });
  }

  async #adopt(services: readonly ServiceWatch[]): Promise<void> {
    if (services.length === 0) return;
    const { engine, project, signal } = this.#options;
    const containers = await listFeedContainers(engine, project, signal);
    await Promise.all(
      containers.map(async ({ id, name, service }) => {
        await services.find((one) => one.name === service)?.addContainer(id, name, "initial");
      }),
    );
  }

  async #close(): Promise<void> {
    clearTimeout(this.#wake);
    this.#verifier.close();
    this.#removals.close();
    this.#sourceChanges.close();
    for (const build of this.#builds.values()) build.abort(new AbortedError());
    for (const service of this.#byName.values()) service.close();
    await this.#watcher?.close();
    await Promise.all(this.#running.values());
  }

  #ready(from: number): void {
    const services = [...this.#byName.keys()];
    const roots = [...new Set(this.#rules.map((rule) => rule.root))];
    const bound = this.#rules.flatMap(({ service, boundTargets }) =>
      boundTargets.map((target) => ({ service, target })),
    );
    const told = JSON.stringify([services, roots, bound]);
    if (told === this.#told) return;
    this.#told = told;
    const { report, now } = this.#options;
    report({ type: "ready", services, roots, durationMs: now() - from });
    for (const { service, target } of bound) report({ type: "skipped-bind", service, target });
  }

  #onPath(path: string): void {
    this.#sourceChanges.hear(path);
    for (const rule of this.#rules) {
      if (!rule.covers(path, false)) continue;
      if (rule.target !== undefined) this.#changed(rule, path);
      else if (this.#byName.get(rule.service)?.hasChanged(path) === true) this.#changed(rule, path);
    }
  }

  #changed(rule: WatchRuleSet, path: string): void {
    const now = this.#options.now();
    if (!this.#since.has(rule.service)) this.#since.set(rule.service, now);
    this.#step({ type: "changed", rule, path, now });
  }

  async #compareAll(service: ServiceWatch): Promise<void> {
    await this.#watcher?.refresh();
    for (const rule of service.rules) if (rule.target !== undefined) this.#changed(rule, rule.root);
  }

  #step(input: LoopInput): void {
    if (this.#options.signal.aborted) return;
    clearTimeout(this.#wake);
    for (const effect of this.#loop.step(input)) {
      switch (effect.type) {
        case "wake":
          this.#wake = setTimeout(
            () => {
              this.#step({ type: "tick", now: this.#options.now() });
            },
            Math.max(0, effect.at - this.#options.now()),
          );
          break;
        case "abort":
          this.#builds.get(effect.service)?.abort(new AbortedError());
          break;
        case "run":
          this.#running.set(effect.batch.service, this.#run(effect.batch));
          break;
        default:
          effect satisfies never;
      }
    }
  }

  async #run(batch: Batch): Promise<void> {
    const name = batch.service;
    const service = this.#byName.get(name);
    const { report, signal, now } = this.#options;
    const since = this.#since.get(name) ?? now();
    this.#since.delete(name);
    const build = new AbortController();
    this.#builds.set(name, build);
    // Linked by hand: `AbortSignal.any` would leave a trace on the session's signal for every batch of the day.
    const onStop = (): void => build.abort(new AbortedError());
    signal.addEventListener("abort", onStop, { once: true });
    let failed: ReadonlySet<number> = new Set();
    try {
      if (service !== undefined)
        failed = await service.run(batch, since, { build: build.signal, stop: signal });
    } catch (error) {
      failed = batch.rules;
      report({ type: "failed", service: name, action: "sync", error: errorFacts(error) });
    }
    signal.removeEventListener("abort", onStop);
    this.#builds.delete(name);
    this.#running.delete(name);
    if (service !== undefined) this.#verifier.ran(service, batch, failed.size === 0);
    this.#step({ type: "settled", service: name, failed, now: now() });
  }
}

/** Directories above a root must stay watched: the root may not exist yet. */
function leavesOut(rule: WatchRuleSet, path: string, isDirectory: boolean): boolean {
  if (rule.root.startsWith(path.endsWith(sep) ? path : path + sep)) return false;
  return rule.excludes(path, isDirectory);
}

function uniqueRoots(roots: readonly WatchRoot[]): WatchRoot[] {
  const byPath = new Map<string, WatchRoot>();
  for (const root of roots) if (!byPath.has(root.path) || !root.isFile) byPath.set(root.path, root);
  return [...byPath.values()];
}
