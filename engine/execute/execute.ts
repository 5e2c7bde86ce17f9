/**
 * Carries a plan out. Independent work overlaps as far as the limits allow; what depends on a failure is blocked and
 * reported as such; nothing is rolled back, because the next plan starts from whatever state this one leaves.
 */
import type { ErrorFacts } from "../error-facts.ts";
import type { EventBody, Outcome } from "../event.ts";
import { planEvent } from "../event.ts";
import type { Operation, OperationId, Plan } from "../plan/operation.ts";
import { Readiness } from "../readiness/readiness.ts";
import { systemClock } from "./clock.ts";
import { errorFacts } from "./error-facts.ts";
import { explainFailure } from "./explain.ts";
import { ImageIds } from "./image-ids.ts";
import { capacityOf, defaultLimits, resourcesOf } from "./limits.ts";
import type { Clock, ExecutionContext, ExecutionReport, Limits } from "./model.ts";
import { explainTakenPort } from "./port-holder.ts";
import type { OperationContext } from "./operation-context.ts";
import { runOperation } from "./run-operation.ts";
import { walk, type NodeEnd } from "./walk.ts";

/**
 * Resolves when every operation has ended, however it ended: failures are in the report, with exactly one
 * `operation-finished` event an operation. Emits `plan` first and `finished` last. Rejects only with InternalError
 * (a plan that is no graph).
 */
export async function execute(plan: Plan, context: ExecutionContext): Promise<ExecutionReport> {
  const execution = new Execution(plan, context);
  try {
    return await execution.run();
  } finally {
    execution.close();
  }
}

type Result = ExecutionReport["results"] extends ReadonlyMap<string, infer R> ? R : never;

class Execution {
  readonly #plan: Plan;
  readonly #context: ExecutionContext;
  readonly #clock: Clock;
  readonly #limits: Limits;
  readonly #readiness: Readiness;
  readonly #shared: Omit<OperationContext, "progress" | "signal">;
  readonly #startedAt = new Map<OperationId, number>();
  readonly #results = new Map<OperationId, Result>();
  readonly #created = new Map<string, string>();

  constructor(plan: Plan, context: ExecutionContext) {
    const { engine, effects } = context;
    this.#plan = plan;
    this.#context = context;
    this.#clock = context.clock ?? systemClock;
    this.#limits = { ...defaultLimits, ...context.limits };
    this.#readiness = new Readiness(engine, {
      clock: this.#clock,
      project: plan.project,
      ...context.readiness,
    });
    this.#shared = {
      engine,
      effects,
      readiness: this.#readiness,
      clock: this.#clock,
      images: new ImageIds(engine),
      created: this.#created,
      provided: new Map(),
    };
  }

  async run(): Promise<ExecutionReport> {
    const begin = this.#clock.now();
    const { operations } = this.#plan;
    this.#context.emit(planEvent(this.#plan));
    const refused = await this.#refusedBuilds();
    if (refused.size > 0) {
      this.#refuse(refused);
      return this.#report(this.#clock.now() - begin);
    }
    const waits = operations.some((operation) => operation.kind === "ready.wait");
    if (waits && operations.some((operation) => operation.kind === "container.start"))
      this.#readiness.prepare();
    await walk(operations, {
      run: (operation, signal) => this.#runOperation(operation, signal),
      resources: resourcesOf,
      capacity: (resource) => capacityOf(resource, this.#limits),
      onStart: (operation) => this.#onStart(operation),
      onEnd: (operation, end) => this.#onEnd(operation, end),
      signal: this.#context.signal,
    });
    return this.#report(this.#clock.now() - begin);
  }

  /** Builds that cannot be are found before anything is begun, so that nothing is left half-done. */
  async #refusedBuilds(): Promise<ReadonlyMap<OperationId, unknown>> {
    const builds = this.#plan.operations.filter((operation) => operation.kind === "image.build");
    const { effects, signal = new AbortController().signal } = this.#context;
    if (builds.length === 0) return new Map();
    try {
      return await effects.checkBuilds(builds, signal);
    } catch (error) {
      // The walk ends everything as aborted.
      if (signal.aborted) return new Map();
      throw error;
    }
  }

  #refuse(refused: ReadonlyMap<OperationId, unknown>): void {
    const blockedBy = [...refused.keys()].sort();
    for (const operation of this.#plan.operations) {
      const error = refused.get(operation.id);
      const end: NodeEnd =
        error === undefined
          ? { outcome: "blocked", blockedBy }
          : { outcome: "failed", error: explainFailure(error, operation) };
      this.#onEnd(operation, end);
    }
  }

  close(): void {
    this.#readiness.close();
  }

  async #runOperation(operation: Operation, signal: AbortSignal): Promise<"succeeded" | "skipped"> {
    try {
      return await runOperation(operation, {
        ...this.#shared,
        signal,
        progress: (progress) =>
          this.#context.emit({ type: "operation-progress", operation: operation.id, progress }),
      });
    } catch (error) {
      if (signal.aborted) throw error;
      if (operation.kind === "container.start") {
        // Naming the holder is an extra: when that fails, the start's own failure is told.
        const taken = await explainTakenPort(this.#context.engine, operation, error, signal).catch(
          () => undefined,
        );
        if (taken !== undefined) throw taken;
      }
      throw explainFailure(error, operation);
    }
  }

  #onStart(operation: Operation): void {
    this.#startedAt.set(operation.id, this.#clock.now());
    this.#context.emit({ type: "operation-started", operation: operation.id });
  }

  #onEnd(operation: Operation, end: NodeEnd): void {
    const started = this.#startedAt.get(operation.id);
    const durationMs = started === undefined ? 0 : this.#clock.now() - started;
    const error = errorOf(end);
    const blockedBy = end.outcome === "blocked" ? { blockedBy: end.blockedBy } : {};
    const result = {
      outcome: end.outcome,
      durationMs,
      ...(error === undefined ? {} : { error }),
      ...blockedBy,
    };
    this.#results.set(operation.id, result);
    if (operation.kind === "ready.wait" && end.outcome === "skipped" && error !== undefined) {
      const warning = {
        code: "optional-dependency",
        names: [operation.service],
        detail: error.message,
      } as const;
      this.#context.emit({ type: "warning", warning });
    }
    this.#context.emit({
      type: "operation-finished",
      operation: operation.id,
      ...result,
    } satisfies EventBody);
  }

  #report(durationMs: number): ExecutionReport {
    const counts: Record<Outcome, number> = { succeeded: 0, failed: 0, blocked: 0, skipped: 0, aborted: 0 };
    for (const { outcome } of this.#results.values()) counts[outcome] += 1;
    const outcome = counts.aborted > 0 ? "aborted" : counts.failed > 0 ? "failed" : "succeeded";
    this.#context.emit({ type: "finished", outcome, durationMs, counts });
    return { outcome, durationMs, results: this.#results, created: this.#created };
  }
}

function errorOf(end: NodeEnd): ErrorFacts | undefined {
  switch (end.outcome) {
    case "failed":
      return errorFacts(end.error);
    case "skipped":
      return end.error === undefined ? undefined : errorFacts(end.error);
    case "succeeded":
    case "blocked":
    case "aborted":
      return undefined;
    default:
      return end satisfies never;
  }
}
