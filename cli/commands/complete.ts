/** `__complete -- WORD...`: candidates for the last of the given words, one a line. For the scripts of `completion`. */
import { Command, type Option } from "commander";
import { load } from "../../schema/load.ts";
import { COMMANDS } from "../command-table.ts";
import type { Invocation } from "../command.ts";
import { EXIT_OK } from "../exit.ts";
import { addGlobalOptions, addInheritedOptions, mergeGlobalOptions, valueTakingFlags } from "../options.ts";
import { findCommand } from "../program.ts";
import { loadOptions } from "../stack.ts";

export function configure(command: Command): void {
  command.argument("[word...]");
}

export async function run(invocation: Invocation): Promise<number> {
  const { context } = invocation;
  const words = context.argv.slice(context.argv.indexOf("--") + 1);
  const last = words.at(-1) ?? "";
  const candidates = await candidatesFor(words.slice(0, -1), last, invocation);
  const fitting = candidates.filter((candidate) => candidate.startsWith(last));
  context.stdout.write(fitting.map((candidate) => `${candidate}\n`).join(""));
  return EXIT_OK;
}

async function candidatesFor(
  before: readonly string[],
  last: string,
  invocation: Invocation,
): Promise<readonly string[]> {
  const entry = findCommand(before, COMMANDS);
  const command = new Command();
  if (entry === undefined) {
    addGlobalOptions(command);
    const option = optionNamed(command, before.at(-1));
    if (option?.required === true) return option.argChoices ?? [];
    if (last.startsWith("-")) return [...longFlags(command), "--help", "--version"];
    return COMMANDS.filter(({ hidden }) => hidden !== true).map(({ name }) => name);
  }
  const module = await entry.load();
  module.configure(command);
  addInheritedOptions(command);
  const option = optionNamed(command, before.at(-1));
  if (option?.required === true) return option.argChoices ?? [];
  if (last.startsWith("-")) return [...longFlags(command), "--help"];
  const takesService = command.registeredArguments.some((argument) => argument.name() === "service");
  return takesService ? services(before, invocation) : [];
}

/** Of the stack that the words name; none where it cannot be read. */
function services(before: readonly string[], invocation: Invocation): readonly string[] {
  const globals = new Command().exitOverride().allowUnknownOption().allowExcessArguments();
  addGlobalOptions(globals);
  globals.parse(globalWords(before), { from: "user" });
  const result = load(loadOptions({ ...invocation, globals: mergeGlobalOptions({}, globals.opts()) }));
  return result.ok ? Object.keys({ ...result.stack.services, ...result.stack.disabledServices }) : [];
}

/** What stands before the command's name. */
function globalWords(before: readonly string[]): readonly string[] {
  const withValue = valueTakingFlags();
  let i = 0;
  while (i < before.length && before[i]?.startsWith("-") === true)
    i += withValue.has(before[i] ?? "") ? 2 : 1;
  return before.slice(0, i);
}

function optionNamed(command: Command, flag = ""): Option | undefined {
  return command.options.find(({ long, short }) => long === flag || short === flag);
}

function longFlags(command: Command): string[] {
  return command.options.flatMap(({ long, hidden }) => (long === undefined || hidden ? [] : [long]));
}
