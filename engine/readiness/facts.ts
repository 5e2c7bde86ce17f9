/** What a wait needs to know of a container, taken from one inspect answer. Pure. */
import type { ContainerInspect, HealthConfig } from "../docker/types.ts";

export type HealthFact = "none" | "starting" | "healthy" | "unhealthy";

export interface ContainerFacts {
  readonly id: string;
  /** Without the leading slash. */
  readonly name: string;
  readonly phase: "created" | "running" | "paused" | "restarting" | "exited" | "removed";
  /** Unix milliseconds by the engine's clock; undefined when it never ran. */
  readonly startedAt: number | undefined;
  readonly exitCode: number;
  readonly outOfMemory: boolean;
  /** Times the engine has restarted it since it was started by hand. */
  readonly restarts: number;
  /** Whether the restart policy starts it again after an exit with 0. */
  readonly restartsAfterSuccess: boolean;
  /** `none`: it has no health check. */
  readonly health: HealthFact;
  readonly healthcheck: HealthConfig | undefined;
  /** What its `CMD-SHELL` runs in. */
  readonly shell: readonly string[] | undefined;
}

export function factsOf(inspect: ContainerInspect): ContainerFacts {
  const { State: state, HostConfig: host, Config: config } = inspect;
  const startedAt = Date.parse(state.StartedAt);
  const healthcheck = activeHealthcheck(config.Healthcheck);
  const policy = host.RestartPolicy?.Name ?? "";
  return {
    id: inspect.Id,
    name: inspect.Name.replace(/^\//, ""),
    phase: phaseOf(inspect),
    // A container that never ran has the year 1 (Docker) or a time before 1970 (Podman).
    startedAt: Number.isNaN(startedAt) || startedAt <= 0 ? undefined : startedAt,
    exitCode: state.ExitCode,
    outOfMemory: state.OOMKilled,
    restarts: inspect.RestartCount,
    restartsAfterSuccess: policy === "always" || policy === "unless-stopped",
    health: healthcheck === undefined ? "none" : currentHealth(inspect, startedAt),
    healthcheck,
    shell: config.Shell ?? undefined,
  };
}

function phaseOf({ State: state }: ContainerInspect): ContainerFacts["phase"] {
  if (state.Restarting) return "restarting";
  switch (state.Status) {
    case "created":
      return "created";
    case "running":
      return "running";
    case "paused":
      return "paused";
    case "restarting":
      return "restarting";
    case "removing":
      return "removed";
    case "exited":
    case "dead":
      return "exited";
    default:
      // Podman has more words: `initialized`, `configured`, `stopping`, `stopped`.
      return state.Running ? "running" : isPodmanUnstarted(state.Status) ? "created" : "exited";
  }
}

function isPodmanUnstarted(status: string): boolean {
  return status === "initialized" || status === "configured";
}

function activeHealthcheck(healthcheck: HealthConfig | undefined): HealthConfig | undefined {
  const kind = healthcheck?.Test?.[0];
  return kind === undefined || kind === "NONE" ? undefined : healthcheck;
}

/**
 * The health word of an earlier life stays in the answer until the first probe of this one: it counts only when the
 * last probe ended after the container's start.
 */
function currentHealth({ State: state }: ContainerInspect, startedAt: number): HealthFact {
  const status = state.Health?.Status;
  if (status !== "healthy" && status !== "unhealthy") return "starting";
  const last = state.Health?.Log?.at(-1);
  const probedAt = last === undefined ? NaN : Date.parse(last.End);
  return probedAt < startedAt ? "starting" : status;
}
