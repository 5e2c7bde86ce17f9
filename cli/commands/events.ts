/** `events`: what happens to the project's containers, as it happens. */
import type { Command } from "commander";
import type { EngineMessage } from "../../engine/docker/types.ts";
import { AbortedError } from "../../engine/error.ts";
import { label } from "../../engine/labels.ts";
import type { Invocation } from "../command.ts";
import { EXIT_OK } from "../exit.ts";
import { checkServices, connect, loadProject } from "../stack.ts";
import { parsePointInTime } from "../time-argument.ts";

interface EventsFlags {
  readonly json?: boolean;
  readonly since?: string;
  readonly until?: string;
}

export function configure(command: Command): void {
  command
    .argument("[service...]", "only events of these services")
    .option("--json", "one JSON object a line")
    .option("--since <time>", "also events from this time on")
    .option("--until <time>", "end at this time");
}

export async function run(invocation: Invocation<EventsFlags>): Promise<number> {
  const { context, flags, args } = invocation;
  const project = await loadProject(invocation);
  if (project.stack !== undefined) checkServices(project.stack, args);
  const engine = await connect(invocation);
  const now = context.now();
  try {
    const messages = engine.events({
      filters: { type: ["container"], label: [`${label.project}=${project.name}`] },
      since: flags.since === undefined ? undefined : parsePointInTime("--since", flags.since, now),
      until: flags.until === undefined ? undefined : parsePointInTime("--until", flags.until, now),
      signal: context.interrupts.stop,
    });
    for await (const message of messages) {
      const { Attributes: attributes } = message.Actor;
      const service = attributes[label.service] ?? "";
      if (attributes[label.oneoff] === "True" || (args.length > 0 && !args.includes(service))) continue;
      context.stdout.write(`${renderMessage(message, service, flags.json === true)}\n`);
    }
  } catch (error) {
    if (!(error instanceof AbortedError)) throw error;
  }
  engine.close();
  return context.interrupts.exitCode() ?? EXIT_OK;
}

function renderMessage(message: EngineMessage, service: string, json: boolean): string {
  const time = new Date(message.timeNano / 1e6).toISOString().replace(
    /Z$/,
    `${String(message.timeNano % 1e6)
      .padStart(6, "0")
      .slice(0, 3)}Z`,
  );
  const attributes = Object.fromEntries(
    Object.entries(message.Actor.Attributes).filter(
      ([key]) => !key.startsWith("com.docker.compose.") && !key.startsWith("dev.tcompose."),
    ),
  );
  if (json) {
    return JSON.stringify({
      action: message.Action,
      attributes,
      id: message.Actor.ID,
      service,
      time,
      type: "container",
    });
  }
  const details = Object.entries(attributes)
    .map(([key, value]) => `${key}=${value}`)
    .join(", ");
  return `${time} container ${message.Action} ${message.Actor.ID} (${details})`;
}
