/**
 * Everything that happens while the engine layer works, as JSON-safe facts without prose. Reporters in `cli/`
 * make words. `seq` counts from 1 without gaps, `time` is Unix milliseconds.
 */
import type { ErrorFacts } from "./error-facts.ts";
import type { WatchEvent } from "./watch/event.ts";
import type {
  Operation,
  OperationId,
  OperationKind,
  Plan,
  PlanWarning,
  ReadyCondition,
  ResourceRef,
} from "./plan/operation.ts";

export type Outcome = "succeeded" | "failed" | "blocked" | "skipped" | "aborted";

export interface OperationSummary {
  readonly id: OperationId;
  readonly kind: OperationKind;
  readonly resource: ResourceRef;
  /** `ready.wait`: what is waited for, and in which containers. */
  readonly condition?: ReadyCondition;
  readonly containers?: readonly string[];
}

export type Progress =
  /** Bytes of a layer, or of everything when `item` is absent. */
  | {
      readonly type: "transfer";
      readonly item?: string;
      readonly phase: string;
      readonly current?: number;
      readonly total?: number;
      /** `retrying` as a whole: the registry's words, and how long until the next attempt. */
      readonly reason?: string;
      readonly delayMs?: number;
    }
  /** A build step began, ended or was found in the cache. */
  | {
      readonly type: "step";
      readonly step: string;
      readonly name: string;
      readonly state: "started" | "cached" | "done" | "failed";
      readonly durationMs?: number;
    }
  | {
      readonly type: "output";
      readonly step?: string;
      readonly stream: "stdout" | "stderr";
      readonly line: string;
    }
  /** A wait learnt something: `starting`, `unhealthy`, ... */
  | { readonly type: "state"; readonly container: string; readonly state: string };

export type EventBody =
  | {
      readonly type: "plan";
      readonly project: string;
      readonly operations: readonly OperationSummary[];
      /** Resources that the plan leaves as they are. */
      readonly unchanged?: readonly ResourceRef[];
      /** Names of containers among the unchanged that have ended with success. */
      readonly completed?: readonly string[];
    }
  | { readonly type: "operation-started"; readonly operation: OperationId }
  | { readonly type: "operation-progress"; readonly operation: OperationId; readonly progress: Progress }
  | {
      readonly type: "operation-finished";
      readonly operation: OperationId;
      readonly outcome: Outcome;
      readonly durationMs: number;
      readonly error?: ErrorFacts;
      /** `blocked`: the failed operations that it waited for. */
      readonly blockedBy?: readonly OperationId[];
    }
  | { readonly type: "warning"; readonly warning: PlanWarning }
  | {
      readonly type: "log";
      readonly service: string;
      readonly container: string;
      readonly stream: "stdout" | "stderr";
      readonly line: string;
      /** Engine time, RFC 3339 with nanoseconds, where asked for. */
      readonly timestamp?: string;
    }
  | {
      readonly type: "container-state";
      readonly service: string;
      readonly container: string;
      readonly state: "attached" | "exited" | "restarting" | "started" | "recreated" | "removed";
      readonly exitCode?: number;
    }
  /** While watching: something was synced, rebuilt, refused, ... */
  | { readonly type: "watch"; readonly watch: WatchEvent }
  | {
      readonly type: "finished";
      readonly outcome: "succeeded" | "failed" | "aborted";
      readonly durationMs: number;
      readonly counts: Readonly<Record<Outcome, number>>;
    };

export type EngineEvent = EventBody & { readonly seq: number; readonly time: number };
export type Emit = (event: EventBody) => void;

/** Numbers and dates events on their way to a consumer. */
export function sequenceEvents(consume: (event: EngineEvent) => void, now: () => number = Date.now): Emit {
  let seq = 0;
  return (body) => {
    seq += 1;
    consume({ ...body, seq, time: now() });
  };
}

/** The event that opens an execution: what is going to be done, and what stays. */
export function planEvent(plan: Plan): EventBody {
  const kept = plan.changes.filter((change) => change.action === "keep");
  const completed = kept.filter((change) => change.completed === true).map(({ resource }) => resource.name);
  return {
    type: "plan",
    project: plan.project,
    operations: plan.operations.map(summarizeOperation),
    unchanged: kept.map((change) => change.resource),
    ...(completed.length === 0 ? {} : { completed }),
  };
}

function summarizeOperation(operation: Operation): OperationSummary {
  const { id, kind, resource } = operation;
  if (kind !== "ready.wait") return { id, kind, resource };
  return { id, kind, resource, condition: operation.condition, containers: operation.containers };
}
