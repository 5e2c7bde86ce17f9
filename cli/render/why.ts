/** Why a container is in the state it is in, from what the engine remembers. Pure. */
import type { ContainerInspect } from "../../engine/docker/types.ts";
import type { Palette } from "./color.ts";
import { formatAge } from "./quantity.ts";
import { count } from "./text.ts";

const MOST_PROBES = 3;
const MOST_LINES = 5;
const SIGNALS: Readonly<Record<number, string>> = {
  130: "SIGINT",
  134: "SIGABRT",
  137: "SIGKILL",
  139: "SIGSEGV",
  143: "SIGTERM",
};

/** Lines without trailing newlines. `now` in Unix milliseconds. */
export function describeContainer(container: ContainerInspect, now: number, colors: Palette): string[] {
  const { State: state } = container;
  const lines = [`${colors.bold(container.Name.replace(/^\//, ""))}: ${describeState(container, now)}`];
  if (state.Error !== "") lines.push(`  the engine says: ${state.Error}`);
  if (state.OOMKilled) lines.push("  it was killed because it needed more memory than it may have");
  if (container.RestartCount > 0) {
    lines.push(
      `  restarted ${count(container.RestartCount, "time")} by its restart policy (${container.HostConfig.RestartPolicy?.Name ?? "no"})`,
    );
  }
  lines.push(...describeHealth(container));
  return lines;
}

function describeState({ State: state }: ContainerInspect, now: number): string {
  const ago = (time: string): string => `${formatAge((now - Date.parse(time)) / 1000)} ago`;
  switch (state.Status) {
    case "running":
      return `running, started ${ago(state.StartedAt)}`;
    case "exited":
    case "dead": {
      const signal = SIGNALS[state.ExitCode];
      const cause = signal === undefined ? "" : ` (as after ${signal})`;
      return `exited with code ${state.ExitCode}${cause}, ${ago(state.FinishedAt)}`;
    }
    case "restarting":
      return `restarting after it exited with code ${state.ExitCode}, ${ago(state.FinishedAt)}`;
    case "created":
      return "created, never started";
    case "paused":
    case "removing":
      return state.Status;
    default:
      return state.Status satisfies never;
  }
}

function describeHealth({ State: { Health: health, Running: running } }: ContainerInspect): string[] {
  if (health === undefined || health.Status === "none" || !running) return [];
  const streak = health.FailingStreak > 0 ? `, ${count(health.FailingStreak, "failed probe")} in a row` : "";
  const lines = [`  health: ${health.Status}${streak}`];
  if (health.Status === "healthy") return lines;
  for (const probe of (health.Log ?? []).slice(-MOST_PROBES)) {
    lines.push(`    probe exited with ${probe.ExitCode}`);
    for (const line of probe.Output.trimEnd().split("\n").slice(-MOST_LINES))
      if (line !== "") lines.push(`      | ${line}`);
  }
  return lines;
}
