/** `capabilities`: what the connected engine can do, feature by feature. */
import type { Command } from "commander";
import { capabilities } from "../../engine/docker/capabilities.ts";
import type { Invocation } from "../command.ts";
import { EXIT_OK } from "../exit.ts";
import { renderRows } from "../render/format.ts";
import { connect } from "../stack.ts";

interface CapabilitiesFlags {
  readonly format?: string;
}

export function configure(command: Command): void {
  command.option("--format <format>", "table, json or a template");
}

export async function run(invocation: Invocation<CapabilitiesFlags>): Promise<number> {
  const { context, flags } = invocation;
  const engine = await connect(invocation);
  const { Version: engineVersion } = await engine.version({ signal: context.interrupts.stop });
  engine.close();
  const rows = Object.entries(capabilities(engine)).map(([feature, { support, needs, instead }]) => ({
    Feature: feature,
    Support: support,
    Needs: support === "native" ? "" : needs,
    Instead: support === "native" ? "" : instead,
  }));
  const format = flags.format ?? "";
  if (format === "" || format === "table") {
    context.stdout.write(
      `${engine.flavour} ${engineVersion}, API ${engine.apiVersion}, ${engine.endpoint}\n\n`,
    );
  }
  context.stdout.write(
    renderRows(rows, {
      format,
      json: "array",
      width: context.stdout.columns(),
      columns: [
        { title: "FEATURE", value: (row) => row.Feature },
        { title: "SUPPORT", value: (row) => row.Support },
        { title: "NATIVE WITH", value: (row) => row.Needs },
        { title: "INSTEAD", value: (row) => row.Instead },
      ],
    }),
  );
  return EXIT_OK;
}
