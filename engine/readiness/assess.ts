/** Does a container meet a condition now? Pure: everything that a wait decides is decided here. */
import type { ReadyCondition } from "../plan/operation.ts";
import type { ContainerFacts } from "./facts.ts";

export interface AssessOptions {
  readonly condition: ReadyCondition;
  readonly exitZeroIsDone: boolean;
  /** How long a container without health check must run before it counts as running. */
  readonly stableMs: number;
  /** Restarts during the wait after which a container counts as crashing. */
  readonly maxRestarts: number;
}

/** What the wait itself has seen. */
export interface Observations {
  /** Unix milliseconds by the clock of the waiting side. */
  readonly now: number;
  /** Restart count when the wait began. */
  readonly restartsAtBegin: number;
  /** Exit codes of the exits seen while waiting. */
  readonly exits: readonly number[];
  /** A probe of our own found the health test to succeed, in the life that began at this time. */
  readonly probedLife: number | undefined;
}

export type Failure =
  | { readonly reason: "exited"; readonly exitCode: number; readonly outOfMemory: boolean }
  | { readonly reason: "crashing"; readonly exitCode: number; readonly restarts: number }
  | { readonly reason: "unhealthy" }
  | { readonly reason: "no-healthcheck" }
  | { readonly reason: "removed" };

export type Assessment =
  | { readonly state: "ready" }
  /** `again`: milliseconds after which to ask again although nothing has happened. */
  | { readonly state: "pending"; readonly again?: number }
  | { readonly state: "failed"; readonly failure: Failure };

const READY: Assessment = { state: "ready" };
const PENDING: Assessment = { state: "pending" };

export function assess(facts: ContainerFacts, seen: Observations, options: AssessOptions): Assessment {
  if (facts.phase === "removed") return failed({ reason: "removed" });
  switch (options.condition) {
    case "started":
      return facts.startedAt === undefined && facts.phase === "created" ? PENDING : READY;
    case "completed":
      return assessCompleted(facts, seen, options);
    case "healthy":
      return facts.health === "none"
        ? failed({ reason: "no-healthcheck" })
        : (assessEnd(facts, seen, options) ?? assessHealth(facts, seen));
    case "running_or_healthy":
      return (
        assessEnd(facts, seen, options) ??
        (facts.health === "none" ? assessRunning(facts, seen, options) : assessHealth(facts, seen))
      );
    default:
      return options.condition satisfies never;
  }
}

function assessCompleted(facts: ContainerFacts, seen: Observations, options: AssessOptions): Assessment {
  // Under `restart: always` an exit is only ever seen in passing.
  if (seen.exits.includes(0)) return READY;
  if (facts.phase === "exited") return facts.exitCode === 0 ? READY : failed(exitOf(facts));
  return crashing(facts, seen, options) ?? PENDING;
}

/** The end of a container that ought to run, or undefined while it may still get there. */
function assessEnd(
  facts: ContainerFacts,
  seen: Observations,
  options: AssessOptions,
): Assessment | undefined {
  if (facts.phase === "exited") {
    const done = options.exitZeroIsDone && facts.exitCode === 0 && !facts.restartsAfterSuccess;
    return done && options.condition === "running_or_healthy" ? READY : failed(exitOf(facts));
  }
  return crashing(facts, seen, options);
}

function assessHealth(facts: ContainerFacts, seen: Observations): Assessment {
  if (facts.phase !== "running") return PENDING;
  if (facts.health === "healthy") return READY;
  if (facts.health === "unhealthy") return failed({ reason: "unhealthy" });
  return seen.probedLife !== undefined && seen.probedLife === facts.startedAt ? READY : PENDING;
}

function assessRunning(facts: ContainerFacts, seen: Observations, options: AssessOptions): Assessment {
  if (facts.phase !== "running" || facts.startedAt === undefined) return PENDING;
  // Clocks of two machines may differ: an age below zero counts as just started.
  const age = Math.max(0, seen.now - facts.startedAt);
  return age >= options.stableMs ? READY : { state: "pending", again: options.stableMs - age };
}

function crashing(facts: ContainerFacts, seen: Observations, options: AssessOptions): Assessment | undefined {
  const restarts = Math.max(facts.restarts - seen.restartsAtBegin, seen.exits.length);
  if (restarts < options.maxRestarts) return undefined;
  const exitCode = seen.exits.at(-1) ?? facts.exitCode;
  return failed({ reason: "crashing", exitCode, restarts });
}

function exitOf(facts: ContainerFacts): Failure {
  return { reason: "exited", exitCode: facts.exitCode, outOfMemory: facts.outOfMemory };
}

function failed(failure: Failure): Assessment {
  return { state: "failed", failure };
}
