/** `ps`: containers of the project. */
import type { Command } from "commander";
import { compareNames as compareNatural } from "../../schema/print-order.ts";
import type { ContainerSummary } from "../../engine/docker/types.ts";
import { configuredPsFormat } from "../../engine/docker/settings.ts";
import { UsageError } from "../../engine/error.ts";
import { label } from "../../engine/labels.ts";
import type { Invocation } from "../command.ts";
import { EXIT_OK } from "../exit.ts";
import { collect, collectChoice } from "../options.ts";
import { containerRow, type ContainerRow } from "../render/container-row.ts";
import { renderRows } from "../render/format.ts";
import type { Column } from "../render/table.ts";
import { checkServices, connect, loadProject, type Project } from "../stack.ts";

interface PsFlags {
  readonly all?: boolean;
  readonly filter?: readonly string[];
  readonly format?: string;
  readonly trunc?: boolean;
  readonly orphans?: boolean;
  readonly quiet?: boolean;
  readonly services?: boolean;
  readonly status?: readonly string[];
}

const STATES = ["paused", "restarting", "removing", "running", "dead", "created", "exited"];
const COLUMNS: readonly Column<ContainerRow>[] = [
  { title: "NAME", value: (row) => row.Name },
  { title: "IMAGE", value: (row) => row.Image, shrink: 2, spare: 1 },
  { title: "COMMAND", value: (row) => row.Command, shrink: 3, spare: 3 },
  { title: "SERVICE", value: (row) => row.Service },
  { title: "CREATED", value: (row) => row.RunningFor, spare: 2 },
  { title: "STATUS", value: (row) => row.Status },
  { title: "PORTS", value: (row) => row.Ports, shrink: 1 },
];

export function configure(command: Command): void {
  command
    .argument("[service...]", "only containers of these services")
    .option("-a, --all", "also stopped containers")
    .option("--filter <filter>", "status=STATE; repeatable", collect)
    .option("--format <format>", 'table, json, or a template such as "{{.Name}}"')
    .option("--no-trunc", "do not cut anything")
    .addOption(command.createOption("--orphans", "include them (the default)").hideHelp())
    .option("--no-orphans", "leave out containers of services that the stack does not have")
    .option("-q, --quiet", "ids alone")
    .option("--services", "names of services alone")
    .option(
      "--status <state>",
      `only containers in this state (${STATES.join(", ")}); repeatable`,
      collectChoice("--status", STATES),
    );
}

export async function run(invocation: Invocation<PsFlags>): Promise<number> {
  const { context, flags, args } = invocation;
  const project = await loadProject(invocation);
  if (project.stack !== undefined) checkServices(project.stack, args);
  const engine = await connect(invocation);
  const listed = await engine.listContainers({
    filters: { label: [`${label.project}=${project.name}`] },
    all: true,
    signal: context.interrupts.stop,
  });
  engine.close();
  const chosen = listed.filter((container) => isWanted(container, project, args, flags)).sort(compareNames);
  const format = flags.format ?? (await configuredPsFormat(context));
  const shown = format === undefined ? flags : { ...flags, format };
  context.stdout.write(renderContainers(chosen, shown, context.now(), context.stdout.columns()));
  return EXIT_OK;
}

function renderContainers(
  containers: readonly ContainerSummary[],
  flags: PsFlags,
  now: number,
  width: number | undefined,
): string {
  if (flags.quiet === true) return containers.map((container) => `${container.Id}\n`).join("");
  if (flags.services === true) {
    const names = new Set(containers.map((container) => container.Labels[label.service] ?? ""));
    return [...names].map((name) => `${name}\n`).join("");
  }
  const full = flags.trunc === false;
  const rows = containers.map((container) => containerRow(container, { now, full }));
  return renderRows(rows, {
    format: flags.format ?? "",
    columns: COLUMNS,
    json: "lines",
    width: full ? undefined : width,
  });
}

function isWanted(
  container: ContainerSummary,
  project: Project,
  services: readonly string[],
  flags: PsFlags,
): boolean {
  const service = container.Labels[label.service] ?? "";
  if (services.length > 0 && !services.includes(service)) return false;
  if (flags.orphans === false && project.stack !== undefined) {
    if (!(service in project.stack.services) && !(service in project.stack.disabledServices)) return false;
  }
  const states = wantedStates(flags);
  if (states.length > 0) return states.includes(container.State);
  if (flags.all === true) return true;
  const oneoff = container.Labels[label.oneoff] === "True";
  return !oneoff && ["running", "paused", "restarting"].includes(container.State);
}

function wantedStates(flags: PsFlags): readonly string[] {
  const filtered = (flags.filter ?? []).map((filter) => {
    const [key, value] = filter.split("=", 2);
    if (key !== "status" || value === undefined) {
      throw new UsageError(`filter "${filter}" is not known`, { hint: "use --filter status=running" });
    }
    return value;
  });
  return [...(flags.status ?? []), ...filtered];
}

function compareNames(a: ContainerSummary, b: ContainerSummary): number {
  return compareNatural(a.Names[0] ?? "", b.Names[0] ?? "");
}
