/** What a person needs to see when a container did not become ready. */
import type { ReadOnlyEngine } from "../docker/api.ts";
import type { ContainerInspect } from "../docker/types.ts";
import { OperationError, TcomposeError } from "../error.ts";
import type { ReadyWait } from "../plan/operation.ts";
import type { Failure } from "./assess.ts";

const PROBES = 3;
const LOG_LINES = 20;

export interface TimedOut {
  readonly reason: "timeout";
  readonly timeoutMs: number;
}

/** An error with exit code, last probe outputs and last log lines of the container, as far as the engine tells. */
export async function notReadyError(
  engine: ReadOnlyEngine,
  operation: ReadyWait,
  container: string,
  failure: Failure | TimedOut,
  signal: AbortSignal,
): Promise<OperationError> {
  const details = failure.reason === "no-healthcheck" ? [] : await collectDetails(engine, container, signal);
  const hint = hintFor(failure, operation.service);
  return new OperationError(operation.id, messageFor(failure, container, operation), {
    details,
    ...(hint === undefined ? {} : { hint }),
  });
}

function messageFor(failure: Failure | TimedOut, container: string, { condition }: ReadyWait): string {
  switch (failure.reason) {
    case "exited":
      return `${container} exited with code ${failure.exitCode}${failure.outOfMemory ? " (out of memory)" : ""}`;
    case "crashing":
      return `${container} ends again and again (${failure.restarts} times, last exit code ${failure.exitCode})`;
    case "unhealthy":
      return `${container} is unhealthy`;
    case "no-healthcheck":
      return `${container} has no health check, so it can never become healthy`;
    case "removed":
      return `${container} was removed while it was waited for`;
    case "timeout":
      return `${container} is not ${condition === "completed" ? "completed" : "ready"} after ${failure.timeoutMs / 1000} s`;
    default:
      return failure satisfies never;
  }
}

function hintFor(failure: Failure | TimedOut, service: string): string | undefined {
  switch (failure.reason) {
    case "no-healthcheck":
      return `give ${service} a \`healthcheck\`, or depend on it with \`condition: service_started\``;
    case "exited":
      return failure.outOfMemory ? `raise the memory limit of ${service}` : undefined;
    case "crashing":
    case "unhealthy":
    case "removed":
    case "timeout":
      return undefined;
    default:
      return failure satisfies never;
  }
}

async function collectDetails(
  engine: ReadOnlyEngine,
  container: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  try {
    const inspect = await engine.inspectContainer(container, { signal });
    const log = await tailLog(engine, inspect, signal);
    return [...probeLines(inspect), ...log.map((line) => `log: ${line}`)];
  } catch (error) {
    // The report is about another failure: what cannot be had is named, and the report goes on.
    if (error instanceof TcomposeError) return [`details not available: ${error.message}`];
    throw error;
  }
}

function probeLines({ State: state }: ContainerInspect): readonly string[] {
  return (state.Health?.Log ?? []).slice(-PROBES).map((probe) => {
    const output = probe.Output.trim().replace(/\s*\r?\n\s*/g, " / ");
    return `health check exited with ${probe.ExitCode}${output === "" ? "" : `: ${output}`}`;
  });
}

async function tailLog(
  engine: ReadOnlyEngine,
  inspect: ContainerInspect,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const chunks: Buffer[] = [];
  const tty = inspect.Config.Tty === true;
  for await (const { data } of engine.containerLogs(inspect.Id, { tail: LOG_LINES, tty, signal })) {
    chunks.push(data);
  }
  const text = Buffer.concat(chunks).toString("utf8");
  return text.split(/\r?\n/).filter((line) => line !== "");
}
