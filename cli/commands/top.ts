/** `top`: processes of running containers. */
import type { Command } from "commander";
import type { Invocation } from "../command.ts";
import { listProjectContainers } from "../containers.ts";
import { EXIT_OK } from "../exit.ts";
import { renderTable } from "../render/table.ts";
import { checkServices, connect, loadProject } from "../stack.ts";

interface ProcessRow {
  readonly service: string;
  readonly number: string;
  readonly cells: ReadonlyMap<string, string>;
}

export function configure(command: Command): void {
  command.argument("[service...]", "only containers of these services");
}

export async function run(invocation: Invocation): Promise<number> {
  const { context, args } = invocation;
  const project = await loadProject(invocation);
  if (project.stack !== undefined) checkServices(project.stack, args);
  const engine = await connect(invocation);
  const { stop } = context.interrupts;
  const containers = await listProjectContainers(engine, project.name, { services: args }, stop);
  const titles = new Set<string>();
  const rows: ProcessRow[] = [];
  for (const container of containers.filter(({ state }) => state === "running")) {
    const { Titles, Processes } = await engine.topContainer(container.id, { signal: stop });
    for (const title of Titles) titles.add(title);
    for (const cells of Processes) {
      rows.push({
        service: container.service,
        number: String(container.number ?? ""),
        cells: new Map(Titles.map((title, i) => [title, cells[i] ?? "-"])),
      });
    }
  }
  engine.close();
  const columns = [
    { title: "SERVICE", value: (row: ProcessRow) => row.service },
    { title: "#", value: (row: ProcessRow) => row.number },
    ...[...titles].map((title) => ({ title, value: (row: ProcessRow) => row.cells.get(title) ?? "-" })),
  ];
  context.stdout.write(renderTable(columns, rows));
  return EXIT_OK;
}
