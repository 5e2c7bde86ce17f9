/** `volumes`: volumes of the project. */
import type { Command } from "commander";
import { compareBytes } from "../../schema/print-order.ts";
import type { VolumeResource } from "../../engine/docker/types.ts";
import { label } from "../../engine/labels.ts";
import type { Invocation } from "../command.ts";
import { EXIT_OK } from "../exit.ts";
import { renderRows } from "../render/format.ts";
import { checkServices, connect, loadProject } from "../stack.ts";

interface VolumesFlags {
  readonly format?: string;
  readonly quiet?: boolean;
}

export function configure(command: Command): void {
  command
    .argument("[service...]", "only volumes that these services use")
    .option("--format <format>", "table, json or a template")
    .option("-q, --quiet", "names alone");
}

export async function run(invocation: Invocation<VolumesFlags>): Promise<number> {
  const { context, flags, args } = invocation;
  const project = await loadProject(invocation);
  const { stack } = project;
  if (stack !== undefined) checkServices(stack, args);
  const engine = await connect(invocation);
  const listed = await engine.listVolumes({
    filters: { label: [`${label.project}=${project.name}`] },
    signal: context.interrupts.stop,
  });
  engine.close();
  const used = new Set(
    args.flatMap((name) => (stack?.services[name]?.volumes ?? []).map((mount) => mount.source ?? "")),
  );
  const rows = listed
    .filter((volume) => args.length === 0 || used.has(volume.Labels?.[label.volume] ?? ""))
    .map(volumeRow)
    .sort((a, b) => compareBytes(a.Name, b.Name));
  if (flags.quiet === true) context.stdout.write(rows.map((row) => `${row.Name}\n`).join(""));
  else {
    context.stdout.write(
      renderRows(rows, {
        format: flags.format ?? "",
        json: "lines",
        width: context.stdout.columns(),
        columns: [
          { title: "DRIVER", value: (row) => row.Driver },
          { title: "VOLUME NAME", value: (row) => row.Name },
        ],
      }),
    );
  }
  return EXIT_OK;
}

function volumeRow(volume: VolumeResource) {
  return {
    Availability: "N/A",
    Driver: volume.Driver,
    Group: "N/A",
    Labels: Object.entries(volume.Labels ?? {})
      .map(([key, value]) => `${key}=${value}`)
      .join(","),
    Links: "N/A",
    Mountpoint: volume.Mountpoint ?? "",
    Name: volume.Name,
    Scope: volume.Scope ?? "local",
    Size: "N/A",
    Status: "N/A",
  };
}
