/** What executing a plan needs and what it answers. */
import type { EngineApi } from "../docker/api.ts";
import type { TcomposeError } from "../error.ts";
import type { ErrorFacts } from "../error-facts.ts";
import type { Emit, Outcome, Progress } from "../event.ts";
import type {
  ImageBuild,
  ImagePull,
  ImagePush,
  ModelPrepare,
  OperationId,
  ProviderRun,
} from "../plan/operation.ts";

/** Time, injected so that tests need no sleeping. Milliseconds. */
export interface Clock {
  now(): number;
  /** Resolves after `ms`, rejects with AbortedError when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface Limits {
  /** Pulls at once for each registry. */
  readonly pulls: number;
  readonly builds: number;
  /** Other mutating engine calls at once. */
  readonly mutations: number;
}

/** Work that the executor leaves to other rooms. Each reports progress and rejects with a TcomposeError. */
export interface Effects {
  pull(operation: ImagePull, progress: (p: Progress) => void, signal: AbortSignal): Promise<void>;
  build(operation: ImageBuild, progress: (p: Progress) => void, signal: AbortSignal): Promise<void>;
  /** What is wrong with builds, as far as it can be told without beginning any. */
  checkBuilds(
    operations: readonly ImageBuild[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<OperationId, TcomposeError>>;
  push(operation: ImagePush, progress: (p: Progress) => void, signal: AbortSignal): Promise<void>;
  provider(
    operation: ProviderRun,
    progress: (p: Progress) => void,
    signal: AbortSignal,
  ): Promise<Readonly<Record<string, string>>>;
  model(operation: ModelPrepare, progress: (p: Progress) => void, signal: AbortSignal): Promise<void>;
  /** Bytes of a config or secret that has no file on the host. */
  content(from: "config" | "secret", key: string): Promise<Buffer>;
}

export interface ExecutionContext {
  readonly engine: EngineApi;
  readonly effects: Effects;
  readonly emit: Emit;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
  readonly limits?: Partial<Limits>;
  readonly readiness?: {
    /** How long a container without health check must run to count as running. Milliseconds, default 500. */
    readonly stableMs?: number;
    /** Restarts during a wait after which a container counts as crashing. Default 5. */
    readonly maxRestarts?: number;
  };
}

export interface ExecutionReport {
  readonly outcome: "succeeded" | "failed" | "aborted";
  readonly durationMs: number;
  /** Exactly one per operation of the plan. */
  readonly results: ReadonlyMap<
    OperationId,
    {
      readonly outcome: Outcome;
      readonly error?: ErrorFacts;
      readonly durationMs: number;
      /** `blocked`: the failed operations that it waited for. */
      readonly blockedBy?: readonly OperationId[];
    }
  >;
  /** Ids of containers that were created, by container name at creation. */
  readonly created: ReadonlyMap<string, string>;
}
