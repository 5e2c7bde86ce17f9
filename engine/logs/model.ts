/** What following and reading logs takes and gives. */
import type { ContainerStateName } from "../docker/types.ts";
import type { ErrorFacts } from "../error-facts.ts";

export interface LogTarget {
  /** Id on the engine. */
  readonly id: string;
  /** Without the leading slash. */
  readonly name: string;
  readonly service: string;
  /** When it was listed: the end of one that ran is told, however soon it comes. */
  readonly state?: ContainerStateName;
}

/** Lines of one container and stream, in order. Batches, not lines: logs come by the hundred thousand. */
export interface LogLines {
  readonly type: "lines";
  readonly service: string;
  /** Its name. */
  readonly container: string;
  readonly stream: "stdout" | "stderr";
  readonly lines: readonly string[];
  /** Where asked for: engine time of each line, RFC 3339 in UTC with nine digits. */
  readonly timestamps?: readonly string[];
}

/** What became of a container, in order with its lines. Body of the `container-state` event. */
export interface LogState {
  readonly type: "container-state";
  readonly service: string;
  readonly container: string;
  readonly state: "attached" | "exited" | "restarting" | "started" | "removed";
  readonly exitCode?: number;
}

/** The engine cannot read this container's log (its log driver keeps none). */
export interface LogUnreadable {
  readonly type: "unreadable";
  readonly service: string;
  readonly container: string;
  readonly error: ErrorFacts;
}

export type LogEvent = LogLines | LogState | LogUnreadable;

/** A promise holds the reading up until it settles: that is how a slow terminal slows the engine down. */
export type EmitLogs = (event: LogEvent) => void | Promise<void>;

export interface LogRange {
  /** Number of last lines of each container, or everything. */
  readonly tail?: number | "all" | undefined;
  /** Unix seconds with fraction, or RFC 3339. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  /** Put the engine's time of each line into the batches. */
  readonly timestamps?: boolean;
}

export interface FollowOptions extends LogRange {
  readonly project: string;
  /** Services whose new containers are followed as they appear; absent: all of the project. */
  readonly services?: readonly string[];
  /** The following does not end before this settles, e.g. while containers are still to be started. */
  readonly hold?: Promise<unknown>;
  /** Asked when it would end: what it has to wait for now, e.g. somebody who replaces containers. */
  readonly holdAgain?: () => Promise<unknown> | undefined;
  /** `exited` (default): ends when no followed container runs or restarts. `never`: only the signal ends it. */
  readonly endsWhen?: "exited" | "never";
}

/** States in which a container may write more without being started by somebody. */
export function isActive(status: ContainerStateName): boolean {
  return status === "running" || status === "paused" || status === "restarting";
}
