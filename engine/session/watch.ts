/**
 * Watching a whole stack: a session that lasts until it is aborted, fed with new rules whenever the stack files change.
 */
import { readFileSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, isAbsolute, join } from "node:path";
import type { Service, Stack } from "../../schema/model.ts";
import type { EngineApi } from "../docker/api.ts";
import { AbortedError, RefusedError, UsageError } from "../error.ts";
import { errorFacts } from "../execute/error-facts.ts";
import { hasWork, type PlanResult } from "../plan/operation.ts";
import type { UpPolicy } from "../plan/policy.ts";
import type { ReloadOutcome, WatchEvent } from "../watch/event.ts";
import { parseIgnoreFile } from "../watch/match.ts";
import { compileRules } from "../watch/rules.ts";
import { ServiceWatch } from "../watch/service-watch.ts";
import { WatchSession, type WatchScope } from "../watch/session.ts";
import { prepareUp } from "./prepare.ts";
import { type Apply, applyOrThrow, createStackActions, type StackActions } from "./watch-actions.ts";

export type Reloaded =
  { readonly ok: true; readonly stack: Stack } | { readonly ok: false; readonly error: unknown };

export interface WatchStackOptions {
  readonly engine: EngineApi;
  readonly stack: Stack;
  /** Services to watch; empty: all that have rules. */
  readonly services: readonly string[];
  /** Carries a plan out; the caller shows its progress. */
  readonly apply: Apply;
  /** Loads the stack files again. */
  readonly load: () => Promise<Reloaded>;
  readonly policy: UpPolicy;
  /** Replicas by service, over what the stack says. */
  readonly scale?: Readonly<Record<string, number>> | undefined;
  /** Remove images of the project that a rebuild left without a name. */
  readonly prune: boolean;
  /** Make containers again that somebody removes while they run. */
  readonly restore: boolean;
  /** Whether images hold the trees as they are now; otherwise containers get all of them when watching begins. */
  readonly isBuilt: boolean;
  readonly report: (event: WatchEvent) => void;
  readonly now: () => number;
}

/** Services of the selection that have `develop.watch` rules. Throws UsageError when there are none. */
export function watchedServices(stack: Stack, services: readonly string[]): string[] {
  const wanted = services.length > 0 ? services : Object.keys(stack.services);
  const watched = wanted.filter((name) => (stack.services[name]?.develop?.watch ?? []).length > 0);
  if (watched.length > 0) return watched;
  throw new UsageError("no service has anything to watch", {
    hint: "add develop.watch with a path and an action to a service",
  });
}

/** Throws UsageError when a rule that rebuilds belongs to a service that nothing can build. */
function checkRules(stack: Stack, services: readonly string[]): void {
  for (const name of services) {
    const { build, develop } = stack.services[name] ?? {};
    if (build !== undefined || !develop?.watch?.some(({ action }) => action === "rebuild")) continue;
    throw new UsageError(`service "${name}" has a watch rule that rebuilds it, but no build`, {
      hint: "give the service a build section, or the rule another action",
    });
  }
}

/**
 * Reads the trees as they are now: what changes from here on is found, also while the stack is still being built and
 * started. Throws UsageError when there is nothing to watch.
 */
export async function openStackWatch(options: WatchStackOptions): Promise<StackWatch> {
  checkRules(options.stack, watchedServices(options.stack, options.services));
  const watch = new StackWatch(options);
  await watch.readTrees();
  return watch;
}

export class StackWatch {
  readonly #options: WatchStackOptions;
  #stack: Stack;
  /** By rules and what they depend on: a service whose rules stay keeps what it knows of its containers. */
  #watches = new Map<string, ServiceWatch>();
  #scopeKey = "";
  #session: WatchSession | undefined;
  #signal = AbortSignal.abort();
  readonly #actions: StackActions;
  /** Plans are carried out one at a time. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: WatchStackOptions) {
    this.#options = options;
    this.#stack = options.stack;
    this.#actions = createStackActions({
      ...options,
      stack: () => this.#stack,
      inTurn: (work) => this.#inTurn(work),
    });
  }

  async readTrees(): Promise<void> {
    this.#watches = await this.#createWatches(this.#stack, this.#options.isBuilt);
  }

  /**
   * Watches until the signal aborts. Rejects when watching cannot start. It can be called again afterwards: what changed
   * in between is brought to the containers first.
   */
  async run(signal: AbortSignal): Promise<void> {
    const { engine, report, now } = this.#options;
    this.#signal = signal;
    const scope = this.#scope();
    this.#scopeKey = this.#keyOf(scope);
    this.#session = new WatchSession({
      engine,
      project: this.#stack.name,
      scope,
      reload: (changed) => {
        void this.#inTurn(() => this.#reload(changed));
      },
      report,
      restore: this.#options.restore ? (service) => this.#actions.restore(service, signal) : undefined,
      signal,
      now,
    });
    await this.#session.run();
    await this.#turn;
  }

  #scope(): WatchScope {
    return { services: [...this.#watches.values()], sources: sourcesOf(this.#stack, this.#wanted()) };
  }

  #keyOf({ sources }: WatchScope): string {
    return JSON.stringify([[...this.#watches.keys()], sources]);
  }

  #wanted(stack = this.#stack): string[] {
    return Object.keys(stack.services).filter(
      (name) => this.#options.services.length === 0 || this.#options.services.includes(name),
    );
  }

  async #createWatches(stack: Stack, isBuilt = true): Promise<Map<string, ServiceWatch>> {
    const watches = new Map<string, ServiceWatch>();
    for (const name of this.#wanted(stack)) {
      const service = stack.services[name];
      if (service?.develop?.watch === undefined) continue;
      const context = contextOf(service);
      const key = JSON.stringify([name, service.develop.watch, context, service.volumes]);
      const known = this.#watches.get(key);
      const watch = known ?? this.#createWatch(name, service, context);
      if (known === undefined) await watch.readBaseline(isBuilt);
      watches.set(key, watch);
    }
    return watches;
  }

  #createWatch(name: string, service: Service, context: BuildContext): ServiceWatch {
    const { engine, report, now } = this.#options;
    const rules = compileRules(name, service, { isFile, realPath, ...context });
    return new ServiceWatch({ name, rules, engine, actions: this.#actions, report, now });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  /** Loads again and applies what differs. Never rejects. */
  async #reload(files: readonly string[]): Promise<void> {
    const { report, now, load } = this.#options;
    const signal = this.#signal;
    if (signal.aborted) return;
    const from = now();
    const told = (outcome: ReloadOutcome, error?: unknown): void => {
      const facts = error === undefined ? {} : { error: errorFacts(error) };
      report({ type: "reloaded", outcome, files, durationMs: now() - from, ...facts });
    };
    const loaded = await load();
    if (!loaded.ok) {
      told("invalid", loaded.error);
      return;
    }
    try {
      checkRules(loaded.stack, this.#wanted(loaded.stack));
      const isChanged = await this.#apply(loaded.stack);
      this.#stack = loaded.stack;
      this.#watches = await this.#createWatches(this.#stack);
      const scope = this.#scope();
      const key = this.#keyOf(scope);
      const isNewScope = key !== this.#scopeKey;
      told(isChanged ? "applied" : isNewScope ? "rules" : "unchanged");
      this.#scopeKey = key;
      if (isNewScope) await this.#session?.replace(scope);
    } catch (error) {
      if (!(error instanceof AbortedError && signal.aborted)) told("failed", error);
    }
  }

  /** Whether there was anything to do. */
  async #apply(stack: Stack): Promise<boolean> {
    const { engine, policy, scale = {}, apply } = this.#options;
    const signal = this.#signal;
    const prepared = await prepareUp(engine, stack, { policy, scale, signal });
    const { plan, decisions }: PlanResult = prepared.plan();
    const [decision] = decisions;
    if (decision !== undefined) {
      throw new RefusedError(`the change of ${decision.resource.name} needs an answer first`, {
        hint: `run: tcompose up ${decision.flag}`,
      });
    }
    if (!hasWork(plan)) return false;
    await applyOrThrow(apply, plan, { purpose: "reload", signal });
    return true;
  }
}

interface BuildContext {
  /** Absolute directory, if the service is built from a local one. */
  readonly contextDir: string | undefined;
  /** Where its ignore patterns may stand, the first that exists counts. */
  readonly ignoreFiles: readonly string[];
  readonly contextPatterns: readonly string[];
}

/** The ignore file of a local build context: the Dockerfile's own one, or the directory's. */
function contextOf(service: Service): BuildContext {
  const context = service.build?.context;
  if (context === undefined || !isAbsolute(context))
    return { contextDir: undefined, ignoreFiles: [], contextPatterns: [] };
  const dockerfile = service.build?.dockerfile ?? "Dockerfile";
  const own = isAbsolute(dockerfile) ? dockerfile : join(context, dockerfile);
  const ignoreFiles = [`${own}.dockerignore`, join(context, ".dockerignore")];
  const found = ignoreFiles.find(isFile);
  return {
    contextDir: context,
    ignoreFiles,
    contextPatterns: found === undefined ? [] : parseIgnoreFile(readFileSync(found, "utf8")),
  };
}

/** Files whose change is a change of the stack: what the loader read or would read, and what rules depend on. */
function sourcesOf(stack: Stack, services: readonly string[]): string[] {
  const paths = [
    ...stack.sources.map((source) => source.path),
    join(stack.workingDir, ".env"),
    ...Object.values(stack.services).flatMap(({ env_file: files }) => (files ?? []).map(({ path }) => path)),
    ...[...Object.values(stack.configs), ...Object.values(stack.secrets)].flatMap(({ file }) => file ?? []),
    ...services.flatMap((name) => contextOf(stack.services[name] ?? {}).ignoreFiles),
  ].filter((path) => isAbsolute(path));
  return [...new Set(paths.flatMap((path) => [path, realPath(path)]))];
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** Symbolic links resolved, as far as the path exists. */
function realPath(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(realPath(parent), basename(path));
  }
}
