/** What a file in `cli/commands/` exports: how the command is declared, and what it does. */
import type { Command } from "commander";
import type { CliContext } from "./context.ts";
import type { GlobalOptions } from "./options.ts";

export interface Invocation<Flags = Readonly<Record<string, unknown>>> {
  readonly context: CliContext;
  readonly globals: GlobalOptions;
  /** Positional arguments, variadic ones flattened. */
  readonly args: readonly string[];
  readonly flags: Flags;
}

/** Loaded only when the command is the one that was asked for. */
export interface CommandModule {
  /** Declares arguments and options. */
  configure(command: Command): void;
  /** Answers the exit code; throws TcomposeError. */
  run(invocation: Invocation<never>): Promise<number>;
}
