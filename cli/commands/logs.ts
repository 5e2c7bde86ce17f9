/** `logs`: what containers have written, and what they go on writing. */
import type { Command } from "commander";
import { followLogs } from "../../engine/logs/follow.ts";
import { readLogs } from "../../engine/logs/history.ts";
import type { LogRange } from "../../engine/logs/model.ts";
import { UsageError } from "../../engine/error.ts";
import type { Invocation } from "../command.ts";
import { listProjectContainers } from "../containers.ts";
import { EXIT_OK } from "../exit.ts";
import { parseWhole } from "../options.ts";
import { serviceColors } from "../render/color.ts";
import { LogPrinter } from "../reporters/log-printer.ts";
import { checkServices, connect, loadProject, type Project } from "../stack.ts";
import { decideColor } from "../terminal.ts";
import { parsePointInTime } from "../time-argument.ts";

interface LogsFlags {
  readonly follow?: boolean;
  readonly index?: number;
  readonly color?: boolean;
  readonly logPrefix?: boolean;
  readonly since?: string;
  readonly tail?: string;
  readonly timestamps?: boolean;
  readonly until?: string;
}

export function configure(command: Command): void {
  command
    .argument("[service...]", "only output of these services")
    .option("-f, --follow", "go on showing new output")
    .option("--index <number>", "only the container with this number", parseWhole("--index"))
    .option("--no-color", "no colours")
    .option("--no-log-prefix", "lines alone, without the container's name")
    .option(
      "--since <time>",
      "only lines after a date (2026-01-02T13:23:37Z) or younger than a duration (42m)",
    )
    .option("-n, --tail <lines>", "only the last lines of each container", "all")
    .option("-t, --timestamps", "show when each line was written")
    .option("--until <time>", "only lines before a date or older than a duration");
}

export async function run(invocation: Invocation<LogsFlags>): Promise<number> {
  const { context, flags, globals, args } = invocation;
  if (flags.index !== undefined && args.length !== 1) {
    throw new UsageError("--index needs exactly one service");
  }
  const project = await loadProject(invocation);
  if (project.stack !== undefined) checkServices(project.stack, args);
  const range = rangeOf(flags, context.now());
  const engine = await connect(invocation);
  const signal = context.interrupts.stop;
  const services = args.length > 0 ? args : attachedServices(project);
  const containers = (await listProjectContainers(engine, project.name, { services }, signal)).filter(
    (container) => flags.index === undefined || container.number === flags.index,
  );
  if (flags.index !== undefined && containers.length === 0) {
    engine.close();
    throw new UsageError(`service "${args[0] ?? ""}" has no container number ${flags.index}`);
  }
  const printer = new LogPrinter({
    project: project.name,
    stdout: context.stdout,
    stderr: context.stderr,
    prefix: flags.logPrefix !== false,
    timestamps: flags.timestamps === true,
    states: flags.follow === true,
    paint: serviceColors(
      containers.map((container) => container.service),
      flags.color !== false && decideColor(context.stdout.isTTY, { flag: globals.ansi, env: context.env }),
    ),
  });
  printer.announce(containers.map((container) => container.name));
  const emit = printer.handle.bind(printer);
  if (flags.follow === true) {
    const options = { ...range, project: project.name, ...(services.length > 0 ? { services } : {}) };
    await followLogs(engine, containers, options, emit, signal);
  } else await readLogs(engine, containers, range, emit, signal);
  engine.close();
  return context.interrupts.exitCode() ?? EXIT_OK;
}

function rangeOf(flags: LogsFlags, now: number): LogRange {
  return {
    tail: parseTail(flags.tail ?? "all"),
    timestamps: flags.timestamps === true,
    since: flags.since === undefined ? undefined : parsePointInTime("--since", flags.since, now),
    until: flags.until === undefined ? undefined : parsePointInTime("--until", flags.until, now),
  };
}

function parseTail(text: string): number | "all" {
  if (text === "all") return "all";
  const lines = Number(text);
  if (!Number.isInteger(lines))
    throw new UsageError(`--tail needs a number of lines or "all", not "${text}"`);
  return lines < 0 ? "all" : lines;
}

/** Services that say `attach: false` are shown only when named. */
function attachedServices({ stack }: Project): readonly string[] {
  if (stack === undefined) return [];
  const all = { ...stack.disabledServices, ...stack.services };
  const detached = Object.keys(all).filter((name) => all[name]?.attach === false);
  return detached.length === 0 ? [] : Object.keys(all).filter((name) => !detached.includes(name));
}
