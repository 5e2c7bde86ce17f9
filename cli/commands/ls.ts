/** `ls`: projects on the engine, from labels. */
import type { Command } from "commander";
import { compareBytes } from "../../schema/print-order.ts";
import type { ContainerSummary } from "../../engine/docker/types.ts";
import { UsageError } from "../../engine/error.ts";
import { label } from "../../engine/labels.ts";
import type { Invocation } from "../command.ts";
import { EXIT_OK } from "../exit.ts";
import { collect } from "../options.ts";
import { renderRows } from "../render/format.ts";
import { connect } from "../stack.ts";

interface LsFlags {
  readonly all?: boolean;
  readonly filter?: readonly string[];
  readonly format?: string;
  readonly quiet?: boolean;
}

interface ProjectRow {
  readonly Name: string;
  readonly Status: string;
  readonly ConfigFiles: string;
}

export function configure(command: Command): void {
  command
    .option("-a, --all", "also projects of which nothing runs")
    .option("--filter <filter>", "name=REGEX; repeatable", collect)
    .option("--format <format>", "table, json or a template")
    .option("-q, --quiet", "names alone");
}

export async function run(invocation: Invocation<LsFlags>): Promise<number> {
  const { context, flags } = invocation;
  const names = (flags.filter ?? []).map(parseNameFilter);
  const engine = await connect(invocation);
  const containers = await engine.listContainers({
    all: flags.all === true,
    filters: { label: [label.project, label.configHash] },
    signal: context.interrupts.stop,
  });
  engine.close();
  const rows = projectRows(containers).filter((row) => names.every((name) => name.test(row.Name)));
  if (flags.quiet === true) context.stdout.write(rows.map((row) => `${row.Name}\n`).join(""));
  else {
    context.stdout.write(
      renderRows(rows, {
        format: flags.format ?? "",
        json: "array",
        width: context.stdout.columns(),
        columns: [
          { title: "NAME", value: (row) => row.Name },
          { title: "STATUS", value: (row) => row.Status },
          { title: "CONFIG FILES", value: (row) => row.ConfigFiles, shrink: 1 },
        ],
      }),
    );
  }
  return EXIT_OK;
}

function parseNameFilter(filter: string): RegExp {
  const match = /^name=(.*)$/.exec(filter);
  if (match === null)
    throw new UsageError(`filter "${filter}" is not known`, { hint: "use --filter name=REGEX" });
  return new RegExp(match[1] ?? "");
}

function projectRows(containers: readonly ContainerSummary[]): ProjectRow[] {
  const projects = new Map<string, ContainerSummary[]>();
  for (const container of containers) {
    const name = container.Labels[label.project] ?? "";
    projects.set(name, [...(projects.get(name) ?? []), container]);
  }
  return [...projects]
    .map(([name, members]) => ({
      Name: name,
      Status: statusOf(members),
      ConfigFiles: [...new Set(members.map((member) => member.Labels[label.configFiles] ?? ""))]
        .filter((files) => files !== "")
        .join(","),
    }))
    .sort((a, b) => compareBytes(a.Name, b.Name));
}

/** `exited(1), running(2)` */
function statusOf(members: readonly ContainerSummary[]): string {
  const amounts = new Map<string, number>();
  for (const { State } of members) amounts.set(State, (amounts.get(State) ?? 0) + 1);
  return [...amounts]
    .sort(([a], [b]) => compareBytes(a, b))
    .map(([state, amount]) => `${state}(${amount})`)
    .join(", ");
}
