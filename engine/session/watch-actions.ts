/** What watching does to a service beyond syncing its files: rebuild, restart, run a command. */
import type { Hook, Stack } from "../../schema/model.ts";
import type { EngineApi } from "../docker/api.ts";
import { AbortedError, EngineResponseError, OperationError } from "../error.ts";
import { runExec } from "../exec/run-exec.ts";
import type { ExecutionReport } from "../execute/model.ts";
import { label } from "../labels.ts";
import { planRestart } from "../plan/lifecycle.ts";
import { hasWork, type Plan } from "../plan/operation.ts";
import type { UpPolicy } from "../plan/policy.ts";
import type { WatchActions } from "../watch/service-watch.ts";
import { prepareUp } from "./prepare.ts";

/** Why a plan is carried out while watching. */
export type ApplyPurpose = "rebuild" | "restart" | "restore" | "reload";

export interface ApplyOptions {
  readonly purpose: ApplyPurpose;
  readonly signal: AbortSignal;
}

export type Apply = (plan: Plan, options: ApplyOptions) => Promise<ExecutionReport>;

export interface WatchActionsOptions {
  readonly engine: EngineApi;
  /** The last good one. */
  readonly stack: () => Stack;
  readonly apply: Apply;
  readonly policy: UpPolicy;
  /** Replicas by service, over what the stack says. */
  readonly scale?: Readonly<Record<string, number>> | undefined;
  /** Remove images of the project that a rebuild left without a name. */
  readonly prune: boolean;
  /** Plans are carried out one at a time. */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>;
}

export interface StackActions extends WatchActions {
  /** Makes the containers of a service that are missing; false when none is. */
  restore(service: string, signal: AbortSignal): Promise<boolean>;
}

export function createStackActions(options: WatchActionsOptions): StackActions {
  const { engine, stack, apply, inTurn } = options;
  return {
    restore: (service, signal) => inTurn(() => restore(options, service, signal)),
    rebuild: (service, signal) =>
      inTurn(async () => {
        signal.throwIfAborted();
        const policy: UpPolicy = {
          ...options.policy,
          services: [service],
          build: "always",
          recreateDependencies: "never",
        };
        const prepared = await prepareUp(engine, stack(), { policy, scale: options.scale ?? {}, signal });
        await applyOrThrow(apply, prepared.plan().plan, { purpose: "rebuild", signal });
        if (options.prune) await pruneImages(engine, stack().name, signal);
      }),
    restart: (service, signal) =>
      inTurn(async () => {
        const { desired, observed } = await prepareUp(engine, stack(), { signal });
        const { plan } = planRestart(desired, observed, { services: [service] });
        await applyOrThrow(apply, plan, { purpose: "restart", signal });
      }),
    exec: async (service, hook, signal) => {
      const containers = await engine.listContainers({
        filters: {
          label: [`${label.project}=${stack().name}`, `${label.service}=${service}`, `${label.oneoff}=False`],
          status: ["running"],
        },
        signal,
      });
      await Promise.all(containers.map(({ Id }) => runHook(engine, Id, { service, hook, signal })));
    },
  };
}

async function restore(
  { engine, stack, apply, ...options }: WatchActionsOptions,
  service: string,
  signal: AbortSignal,
): Promise<boolean> {
  const policy: UpPolicy = {
    ...options.policy,
    services: [service],
    recreate: "never",
    recreateDependencies: "never",
  };
  const scale = options.scale ?? {};
  const { plan } = (await prepareUp(engine, stack(), { policy, scale, signal })).plan();
  if (!hasWork(plan)) return false;
  await applyOrThrow(apply, plan, { purpose: "restore", signal });
  return true;
}

/** A day of rebuilds would fill the disk. What cannot be removed now goes with the next rebuild. */
async function pruneImages(engine: EngineApi, project: string, signal: AbortSignal): Promise<void> {
  const filters = { dangling: ["true"], label: [`${label.project}=${project}`] };
  try {
    await engine.pruneImages({ filters, signal });
  } catch (error) {
    if (!(error instanceof EngineResponseError)) throw error;
  }
}

/** Carries a plan out; a failure of one of its operations becomes an error. */
export async function applyOrThrow(apply: Apply, plan: Plan, options: ApplyOptions): Promise<void> {
  if (!hasWork(plan)) return;
  const report = await apply(plan, options);
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

async function runHook(
  engine: EngineApi,
  container: string,
  { service, hook, signal }: { readonly service: string; readonly hook: Hook; readonly signal: AbortSignal },
): Promise<void> {
  const output: string[] = [];
  const env = Object.entries(hook.environment ?? {});
  const { exitCode } = await runExec(
    engine,
    container,
    {
      cmd: hook.command ?? [],
      env: env.flatMap(([key, value]) => (value === null ? [] : [`${key}=${value}`])),
      user: hook.user,
      workdir: hook.working_dir,
      privileged: hook.privileged === true,
    },
    { signal, onOutput: ({ data }) => void output.push(data.toString("utf8")) },
  );
  if (exitCode === 0) return;
  const lines = output.join("").trimEnd().split("\n");
  throw new OperationError(
    `watch.exec:${service}`,
    `the command of the watch rule exited with code ${exitCode}`,
    { details: lines.filter((line, at) => at > 0 || line !== "").slice(-10) },
  );
}
