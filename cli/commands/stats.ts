/** `stats`: what containers use, once a second until it is ended, or once. */
import type { Command } from "commander";
import type { ContainerStats } from "../../engine/docker/types-system.ts";
import { followStats } from "../../engine/session/stats.ts";
import type { ObservedContainer } from "../../engine/observe/model.ts";
import type { Invocation } from "../command.ts";
import { listProjectContainers } from "../containers.ts";
import { EXIT_OK } from "../exit.ts";
import { LiveArea } from "../live-area.ts";
import { renderRows } from "../render/format.ts";
import { statsRow, type StatsRow } from "../render/stats-row.ts";
import type { Column } from "../render/table.ts";
import { checkServices, connect, loadProject } from "../stack.ts";

interface StatsFlags {
  readonly all?: boolean;
  readonly format?: string;
  /** `false` by `--no-stream`. */
  readonly stream?: boolean;
  readonly trunc?: boolean;
}

const COLUMNS: readonly Column<StatsRow>[] = [
  { title: "CONTAINER ID", value: (row) => row.ID, spare: 3 },
  { title: "NAME", value: (row) => row.Name, shrink: 1 },
  { title: "CPU %", value: (row) => row.CPUPerc },
  { title: "MEM USAGE / LIMIT", value: (row) => row.MemUsage },
  { title: "MEM %", value: (row) => row.MemPerc },
  { title: "NET I/O", value: (row) => row.NetIO, spare: 1 },
  { title: "BLOCK I/O", value: (row) => row.BlockIO, spare: 2 },
  { title: "PIDS", value: (row) => row.PIDs, spare: 1 },
];
const INTERVAL_MS = 1_000;

export function configure(command: Command): void {
  command
    .argument("[service...]", "only containers of these services")
    .option("-a, --all", "also stopped containers")
    .option("--format <format>", 'table, json, or a template such as "{{.Name}} {{.CPUPerc}}"')
    .option("--no-stream", "measure once and end")
    .option("--no-trunc", "do not cut anything");
}

export async function run(invocation: Invocation<StatsFlags>): Promise<number> {
  const { context, flags, args } = invocation;
  const project = await loadProject(invocation);
  if (project.stack !== undefined) checkServices(project.stack, args);
  const engine = await connect(invocation);
  const { stop } = context.interrupts;
  const list = async (): Promise<ObservedContainer[]> =>
    (await listProjectContainers(engine, project.name, { services: args }, stop)).filter(
      ({ state }) => flags.all === true || state === "running" || state === "paused",
    );
  const area = new LiveArea(context.stdout);
  const isLive = context.stdout.isTTY && flags.stream !== false && (flags.format ?? "") !== "json";
  const show = (measured: readonly (readonly [ObservedContainer, ContainerStats | undefined])[]): void => {
    const full = flags.trunc === false;
    const text = renderRows(
      measured.map(([container, stats]) => statsRow(container, stats, full)),
      {
        format: flags.format ?? "",
        columns: COLUMNS,
        json: "lines",
        width: full ? undefined : context.stdout.columns(),
      },
    );
    // Taller than the window it could not be drawn in place.
    if (isLive)
      area.draw(
        text
          .trimEnd()
          .split("\n")
          .slice(0, (context.stdout.rows() ?? 25) - 1),
      );
    else context.stdout.write(text);
  };
  try {
    await followStats(engine, {
      list,
      show,
      once: flags.stream === false,
      intervalMs: INTERVAL_MS,
      signal: stop,
    });
  } finally {
    if (isLive) area.finish([]);
    engine.close();
  }
  return context.interrupts.exitCode() ?? EXIT_OK;
}
