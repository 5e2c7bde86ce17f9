/**
 * A watch session: file events in, synced, restarted and rebuilt services out, until it is aborted.
 * The order of things is decided by `WatchLoop`; this file only carries effects between it and the world.
 */
import { sep } from "node:path";
import type { EngineApi } from "../docker/api.ts";
import type { EngineMessage } from "../docker/types.ts";
import { AbortedError } from "../error.ts";
import { errorFacts } from "../execute/error-facts.ts";
import { label } from "../labels.ts";
import type { WatchEvent } from "./event.ts";
import { FileWatcher, type WatchRoot } from "./file-watcher.ts";
import { type LoopInput, WatchLoop } from "./loop.ts";
import { isSync, type WatchRuleSet } from "./rules.ts";
import type { ServiceWatch } from "./service-watch.ts";

export interface WatchSessionOptions {
  readonly engine: EngineApi;
  readonly project: string;
  readonly services: readonly ServiceWatch[];
  /** Files that the loader read; a change of one calls `reload`. */
  readonly sources: readonly string[];
  readonly reload: (changed: readonly string[]) => void;
  readonly report: (event: WatchEvent) => void;
  readonly signal: AbortSignal;
  readonly now: () => number;
  /** Overrides the test for file systems that tell of changes. */
  readonly isLocal?: (path: string) => Promise<boolean>;
}

/** Quiet time after a burst before the trees are compared once more. */
const VERIFY_QUIET_MS = 400;
/** A batch of this many paths, or with a directory or a deletion in it, is followed by a comparison. */
const BURST_PATHS = 20;
const RELOAD_QUIET_MS = 60;

export class WatchSession {
  readonly #options: WatchSessionOptions;
  readonly #loop = new WatchLoop();
  readonly #byName: ReadonlyMap<string, ServiceWatch>;
  readonly #rules: readonly WatchRuleSet[];
  readonly #sources: ReadonlySet<string>;
  readonly #changedSources = new Set<string>();
  /** Time of the first change that the next batch of a service answers. */
  readonly #since = new Map<string, number>();
  readonly #builds = new Map<string, AbortController>();
  readonly #verify = new Set<ServiceWatch>();
  #wake: NodeJS.Timeout | undefined;
  #verifyTimer: NodeJS.Timeout | undefined;
  #reloadTimer: NodeJS.Timeout | undefined;

  constructor(options: WatchSessionOptions) {
    this.#options = options;
    this.#byName = new Map(options.services.map((service) => [service.name, service]));
    this.#rules = options.services.flatMap((service) => [...service.rules]);
    this.#sources = new Set(options.sources);
  }

  /** Resolves when the signal aborts. Rejects when watching cannot start or the engine goes away. */
  async run(): Promise<void> {
    const { signal, report, now } = this.#options;
    const from = now();
    const watcher = this.#createWatcher();
    const stop = new AbortController();
    const ended = new Promise<void>((resolve) => {
      signal.addEventListener("abort", () => {
        stop.abort();
        resolve();
      });
    });
    try {
      await watcher.start();
      const follow = this.#followContainers(stop.signal);
      await follow.opened;
      await this.#adoptContainers("initial");
      report({
        type: "ready",
        services: [...this.#byName.keys()],
        roots: [...new Set(this.#rules.map((rule) => rule.root))],
        durationMs: now() - from,
      });
      if (!signal.aborted) await Promise.race([ended, follow.done]);
    } finally {
      stop.abort();
      await this.#close(watcher);
    }
  }

  async #close(watcher: FileWatcher): Promise<void> {
    clearTimeout(this.#wake);
    clearTimeout(this.#verifyTimer);
    clearTimeout(this.#reloadTimer);
    for (const build of this.#builds.values()) build.abort(new AbortedError());
    await watcher.close();
  }

  #createWatcher(): FileWatcher {
    const { isLocal } = this.#options;
    const roots: WatchRoot[] = [
      ...this.#rules.map((rule) => ({ path: rule.root, isFile: rule.isFile })),
      ...[...this.#sources].map((path) => ({ path, isFile: true })),
    ];
    return new FileWatcher({
      roots: uniqueRoots(roots),
      isIgnored: (path, isDirectory) => this.#rules.every((rule) => this.#leavesOut(rule, path, isDirectory)),
      onPath: (path) => {
        this.#onPath(path);
      },
      onNotice: (notice) => {
        this.#options.report({ type: "notice", notice });
      },
      ...(isLocal === undefined ? {} : { isLocal }),
    });
  }

  /** Directories above a root must stay watched: the root may not exist yet. */
  #leavesOut(rule: WatchRuleSet, path: string, isDirectory: boolean): boolean {
    if (rule.root.startsWith(path + sep)) return false;
    return rule.excludes(path, isDirectory);
  }

  #onPath(path: string): void {
    const now = this.#options.now();
    if (this.#sources.has(path)) this.#sourceChanged(path);
    for (const rule of this.#rules) {
      if (!rule.covers(path, false)) continue;
      // The canonical object of the rule is the queue's key.
      if (isSync(rule.action)) this.#changed(rule, path, now);
      else void this.#changedIfNew(rule, path, now);
    }
  }

  async #changedIfNew(rule: WatchRuleSet, path: string, now: number): Promise<void> {
    try {
      if (await this.#byName.get(rule.service)?.hasChanged(path)) this.#changed(rule, path, now);
    } catch (error) {
      this.#options.report({ type: "unreadable", path, reason: errorFacts(error).message });
    }
  }

  #changed(rule: WatchRuleSet, path: string, now: number): void {
    if (!this.#since.has(rule.service)) this.#since.set(rule.service, now);
    this.#step({ type: "changed", rule, path, now: this.#options.now() });
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
          void this.#run(effect.batch);
          break;
        default:
          effect satisfies never;
      }
    }
  }

  async #run(batch: Parameters<ServiceWatch["run"]>[0]): Promise<void> {
    const service = this.#byName.get(batch.service);
    if (service === undefined) return;
    const since = this.#since.get(batch.service) ?? this.#options.now();
    this.#since.delete(batch.service);
    const build = new AbortController();
    this.#builds.set(batch.service, build);
    let ok = false;
    try {
      ok = await service.run(batch, since, AbortSignal.any([build.signal, this.#options.signal]));
    } catch (error) {
      this.#options.report({
        type: "failed",
        service: batch.service,
        action: "sync",
        error: errorFacts(error),
      });
    }
    this.#builds.delete(batch.service);
    if (ok && batch.sync.size > 0 && batch.paths >= BURST_PATHS) this.#verifySoon(service);
    this.#step({ type: "settled", service: batch.service, ok, now: this.#options.now() });
  }

  /** After a burst every tree is compared once more: an event that the kernel dropped costs nothing then. */
  #verifySoon(service: ServiceWatch): void {
    this.#verify.add(service);
    clearTimeout(this.#verifyTimer);
    this.#verifyTimer = setTimeout(() => {
      if (!this.#loop.idle) {
        this.#verifySoon(service);
        return;
      }
      const due = [...this.#verify];
      this.#verify.clear();
      for (const watched of due) {
        for (const rule of watched.rules) {
          if (rule.target !== undefined) this.#changed(rule, rule.root, this.#options.now());
        }
      }
    }, VERIFY_QUIET_MS);
  }

  #sourceChanged(path: string): void {
    this.#changedSources.add(path);
    clearTimeout(this.#reloadTimer);
    this.#reloadTimer = setTimeout(() => {
      const changed = [...this.#changedSources];
      this.#changedSources.clear();
      this.#options.reload(changed);
    }, RELOAD_QUIET_MS);
  }

  async #adoptContainers(reason: "initial" | "container-started"): Promise<void> {
    const { engine, project } = this.#options;
    const containers = await engine.listContainers({
      filters: { label: [`${label.project}=${project}`, `${label.oneoff}=False`] },
    });
    await Promise.all(
      containers.map(async (container) => {
        const service = this.#byName.get(container.Labels[label.service] ?? "");
        await service?.addContainer(container.Id, container.Names[0]?.slice(1) ?? container.Id, reason);
      }),
    );
  }

  #followContainers(signal: AbortSignal): { opened: Promise<void>; done: Promise<void> } {
    const { engine, project } = this.#options;
    let onOpen = (): void => undefined;
    const opened = new Promise<void>((resolve) => {
      onOpen = resolve;
    });
    const follow = async (): Promise<void> => {
      const events = engine.events({
        filters: { type: ["container"], label: [`${label.project}=${project}`], event: ["start", "destroy"] },
        signal,
        onOpen,
      });
      for await (const message of events) this.#onContainer(message);
    };
    const done = follow().catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
    return { opened: Promise.race([opened, done]), done };
  }

  #onContainer(message: EngineMessage): void {
    const { Attributes, ID } = message.Actor;
    const service = this.#byName.get(Attributes[label.service] ?? "");
    if (service === undefined || Attributes[label.oneoff] === "True") return;
    if (message.Action === "destroy") {
      service.removeContainer(ID);
      return;
    }
    service.addContainer(ID, Attributes["name"] ?? ID, "container-started").catch((error: unknown) => {
      this.#options.report({
        type: "failed",
        service: service.name,
        action: "sync",
        error: errorFacts(error),
      });
    });
  }
}

function uniqueRoots(roots: readonly WatchRoot[]): WatchRoot[] {
  const byPath = new Map<string, WatchRoot>();
  for (const root of roots) if (!byPath.has(root.path) || !root.isFile) byPath.set(root.path, root);
  return [...byPath.values()];
}
