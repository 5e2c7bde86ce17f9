/** `export`: the whole file system of a container as a tar. */
import type { Command } from "commander";
import type { Invocation } from "../command.ts";
import { printDryRun } from "../dry-run.ts";
import { EXIT_OK } from "../exit.ts";
import { parseWhole } from "../options.ts";
import { refuseTerminal, writeStream } from "../output-file.ts";
import { openServiceContainer } from "../service-container.ts";

interface ExportFlags {
  readonly index?: number;
  readonly output?: string;
}

export function configure(command: Command): void {
  command
    .argument("<service>")
    .option("--index <number>", "number of the container", parseWhole("--index"))
    .option("-o, --output <file>", "write to this file, not to standard output");
}

export async function run(invocation: Invocation<ExportFlags>): Promise<number> {
  const { context, flags, globals, args } = invocation;
  const [service = ""] = args;
  if (flags.output === undefined) refuseTerminal(context);
  const { engine, container } = await openServiceContainer(invocation, service, flags.index ?? 0);
  try {
    if (globals.dryRun === true) {
      return printDryRun(context, [
        `export container ${container.name} to ${flags.output ?? "standard output"}`,
      ]);
    }
    const tar = await engine.exportContainer(container.id, { signal: context.interrupts.stop });
    await writeStream(tar, flags.output, context);
  } finally {
    engine.close();
  }
  return EXIT_OK;
}
