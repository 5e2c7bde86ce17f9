import type { Command } from "commander";
import type { Invocation } from "../command.ts";
import { EXIT_OK } from "../exit.ts";
import { version } from "../version.ts";

interface VersionFlags {
  readonly short?: boolean;
  readonly format?: "pretty" | "json";
}

export function configure(command: Command): void {
  command
    .option("--short", "print the number alone")
    .addOption(
      command.createOption("-f, --format <format>", "form of the output").choices(["pretty", "json"]),
    );
}

export function run({ context, flags }: Invocation<VersionFlags>): Promise<number> {
  const number = version();
  if (flags.short === true) context.stdout.write(`${number}\n`);
  else if (flags.format === "json") context.stdout.write(`${JSON.stringify({ version: number })}\n`);
  else context.stdout.write(`tcompose version ${number}\n`);
  return Promise.resolve(EXIT_OK);
}
