/**
 * Watching a whole stack: one session after another, a new one whenever the stack files change the rules.
 */
import { readFileSync, statSync } from "node:fs";
import type { Hook, Service, Stack } from "../../schema/model.ts";
import type { EngineApi } from "../docker/api.ts";
import { AbortedError, OperationError, UsageError } from "../error.ts";
import { runExec } from "../exec/run-exec.ts";
import { errorFacts } from "../execute/error-facts.ts";
import type { ExecutionReport } from "../execute/model.ts";
import { label } from "../labels.ts";
import { planRestart } from "../plan/lifecycle.ts";
import { hasWork, type Plan } from "../plan/operation.ts";
import type { UpPolicy } from "../plan/policy.ts";
import type { WatchEvent } from "../watch/event.ts";
import { parseIgnoreFile } from "../watch/match.ts";
import { compileRules } from "../watch/rules.ts";
import { ServiceWatch, type WatchActions } from "../watch/service-watch.ts";
import { WatchSession } from "../watch/session.ts";
import { prepareUp } from "./prepare.ts";

export type Reloaded =
  { readonly ok: true; readonly stack: Stack } | { readonly ok: false; readonly error: unknown };

export interface WatchStackOptions {
  readonly engine: EngineApi;
  readonly stack: Stack;
  /** Services to watch; empty: all that have rules. */
  readonly services: readonly string[];
  /** Carries a plan out; the caller shows its progress. */
  readonly apply: (plan: Plan, signal: AbortSignal) => Promise<ExecutionReport>;
  /** Loads the stack files again. */
  readonly load: () => Promise<Reloaded>;
  readonly policy: UpPolicy;
  readonly report: (event: WatchEvent) => void;
  readonly signal: AbortSignal;
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

/** Watches until the signal aborts. Rejects when watching cannot start or the engine goes away. */
export async function watchStack(options: WatchStackOptions): Promise<void> {
  watchedServices(options.stack, options.services);
  await new StackWatch(options).run();
}

class StackWatch {
  readonly #options: WatchStackOptions;
  #stack: Stack;
  /** By name and rules: a service whose rules stay keeps what it knows of its containers. */
  #watches = new Map<string, ServiceWatch>();
  /** Plans are carried out one at a time. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: WatchStackOptions) {
    this.#options = options;
    this.#stack = options.stack;
  }

  async run(): Promise<void> {
    const { engine, report, now, signal } = this.#options;
    try {
      while (!signal.aborted) {
        const next = new AbortController();
        const services = await this.#createWatches();
        const session = new WatchSession({
          engine,
          project: this.#stack.name,
          services,
          sources: this.#stack.sources.map((source) => source.path).filter((path) => path.startsWith("/")),
          reload: (changed) => {
            void this.#reload(changed, next);
          },
          report,
          signal: AbortSignal.any([signal, next.signal]),
          now,
        });
        await session.run();
      }
    } finally {
      for (const watch of this.#watches.values()) watch.close();
    }
  }

  async #createWatches(): Promise<ServiceWatch[]> {
    const watches = new Map<string, ServiceWatch>();
    for (const name of Object.keys(this.#stack.services)) {
      const service = this.#stack.services[name];
      const wanted = this.#options.services.length === 0 || this.#options.services.includes(name);
      if (!wanted || service?.develop?.watch === undefined) continue;
      const key = JSON.stringify([name, service.develop.watch, service.build?.context, service.volumes]);
      const known = this.#watches.get(key);
      const watch = known ?? this.#createWatch(name, service);
      if (known === undefined) await watch.readBaseline();
      watches.set(key, watch);
    }
    for (const [key, watch] of this.#watches) if (!watches.has(key)) watch.close();
    this.#watches = watches;
    return [...watches.values()];
  }

  #createWatch(name: string, service: Service): ServiceWatch {
    const { engine, report, now } = this.#options;
    const rules = compileRules(name, service, { isFile, ...contextOf(service) });
    return new ServiceWatch({ name, service, rules, engine, actions: this.#actions(), report, now });
  }

  #actions(): WatchActions {
    return {
      rebuild: (service, signal) =>
        this.#inTurn(async () => {
          const policy: UpPolicy = {
            ...this.#options.policy,
            services: [service],
            build: "always",
            recreateDependencies: "never",
          };
          const prepared = await prepareUp(this.#options.engine, this.#stack, { policy, signal });
          await this.#apply(prepared.plan().plan, signal);
        }),
      restart: (service, signal) =>
        this.#inTurn(async () => {
          const { desired, observed } = await prepareUp(this.#options.engine, this.#stack, { signal });
          await this.#apply(planRestart(desired, observed, { services: [service] }).plan, signal);
        }),
      exec: (service, hook, signal) => this.#exec(service, hook, signal),
    };
  }

  async #exec(service: string, hook: Hook, signal: AbortSignal): Promise<void> {
    const { engine } = this.#options;
    const containers = await engine.listContainers({
      filters: {
        label: [
          `${label.project}=${this.#stack.name}`,
          `${label.service}=${service}`,
          `${label.oneoff}=False`,
        ],
        status: ["running"],
      },
      signal,
    });
    await Promise.all(containers.map((container) => execHook(engine, container.Id, service, hook, signal)));
  }

  async #apply(plan: Plan, signal: AbortSignal): Promise<void> {
    if (!hasWork(plan)) return;
    const report = await this.#options.apply(plan, signal);
    if (report.outcome === "aborted") throw new AbortedError();
    if (report.outcome === "succeeded") return;
    for (const [operation, { outcome, error }] of report.results) {
      if (outcome !== "failed") continue;
      throw new OperationError(operation, error?.message ?? `${operation} failed`, {
        hint: error?.hint,
        ...(error?.details === undefined ? {} : { details: error.details }),
      });
    }
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  /** Loads again, applies what differs, and ends the running session when its rules may have changed. */
  async #reload(changed: readonly string[], session: AbortController): Promise<void> {
    const { report, now, load, engine, policy, signal } = this.#options;
    const from = now();
    const told = (outcome: "unchanged" | "applied" | "invalid" | "failed", error?: unknown): void => {
      report({
        type: "reloaded",
        outcome,
        files: changed,
        durationMs: now() - from,
        ...(error === undefined ? {} : { error: errorFacts(error) }),
      });
    };
    const loaded = await load();
    if (!loaded.ok) {
      told("invalid", loaded.error);
      return;
    }
    try {
      await this.#inTurn(async () => {
        const { plan } = (await prepareUp(engine, loaded.stack, { policy, signal })).plan();
        await this.#apply(plan, signal);
        this.#stack = loaded.stack;
        told(hasWork(plan) ? "applied" : "unchanged");
      });
      session.abort();
    } catch (error) {
      told("failed", error);
    }
  }
}

async function execHook(
  engine: EngineApi,
  container: string,
  service: string,
  hook: Hook,
  signal: AbortSignal,
): Promise<void> {
  const output: string[] = [];
  const { exitCode } = await runExec(
    engine,
    container,
    {
      cmd: hook.command ?? [],
      env: Object.entries(hook.environment ?? {}).flatMap(([key, value]) =>
        value === null ? [] : [`${key}=${value}`],
      ),
      user: hook.user,
      workdir: hook.working_dir,
      privileged: hook.privileged === true,
    },
    { signal, onOutput: ({ data }) => void output.push(data.toString("utf8")) },
  );
  if (exitCode === 0) return;
  throw new OperationError(
    `watch.exec:${service}`,
    `the command of the watch rule exited with code ${exitCode}`,
    {
      details: output.join("").trimEnd().split("\n").slice(-10),
    },
  );
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** The ignore file of a local build context: the Dockerfile's own one, or the directory's. */
function contextOf(service: Service): { contextDir: string | undefined; contextPatterns: readonly string[] } {
  const context = service.build?.context;
  if (context === undefined || !context.startsWith("/"))
    return { contextDir: undefined, contextPatterns: [] };
  const candidates = [
    `${context}/${service.build?.dockerfile ?? "Dockerfile"}.dockerignore`,
    `${context}/.dockerignore`,
  ];
  const found = candidates.find(isFile);
  return {
    contextDir: context,
    contextPatterns: found === undefined ? [] : parseIgnoreFile(readFileSync(found, "utf8")),
  };
}
