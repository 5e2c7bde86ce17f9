/** What one operation needs while it runs. */
import type { EngineApi } from "../docker/api.ts";
import type { Progress } from "../event.ts";
import type { OperationId } from "../plan/operation.ts";
import type { Readiness } from "../readiness/readiness.ts";
import type { ImageIds } from "./image-ids.ts";
import type { Clock, Effects } from "./model.ts";

export interface OperationContext {
  readonly engine: EngineApi;
  readonly effects: Effects;
  readonly readiness: Readiness;
  readonly images: ImageIds;
  readonly clock: Clock;
  /** Ids of containers made in this run, by the name they were created under. */
  readonly created: Map<string, string>;
  /** Variables that providers gave, by operation: for the containers that depend on it. */
  readonly provided: Map<OperationId, Readonly<Record<string, string>>>;
  readonly progress: (progress: Progress) => void;
  readonly signal: AbortSignal;
}

export type OperationResult = "succeeded" | "skipped";
