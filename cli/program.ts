/** The command tree. Only the command that the arguments name is loaded and declared in full. */
import { Command, type Help } from "commander";
import type { CommandModule, Invocation } from "./command.ts";
import { COMMANDS, type CommandEntry } from "./command-table.ts";
import { codeCache } from "./code-cache-state.ts";
import type { CliContext } from "./context.ts";
import {
  addGlobalOptions,
  addInheritedOptions,
  mergeGlobalOptions,
  valueTakingFlags,
  type GlobalOptions,
} from "./options.ts";
import { normalizeSpelling } from "./spelling.ts";
import { version } from "./version.ts";

/** What the arguments ask for: a command with its flags, or text to print. */
export type Parsed =
  | { readonly kind: "run"; readonly module: CommandModule; readonly invocation: Invocation<never> }
  | { readonly kind: "print"; readonly text: string };

const GROUPS: readonly CommandEntry["group"][] = ["Run", "Look", "Inside", "Images", "Other"];

/** Rejects with commander's CommanderError for mistakes on the command line. */
export async function parseArguments(context: CliContext, commands = COMMANDS): Promise<Parsed> {
  const { argv } = context;
  const asked = findCommand(argv, commands);
  if (asked !== undefined) codeCache.command = asked.name;
  const module = await asked?.load();
  const printed: string[] = [];
  const root = createCommand("tcompose", context, printed);
  root
    .description(
      "Runs multi-container stacks from Compose files, and says what it will do before it does it.",
    )
    .usage("[options] <command> [arguments]")
    .enablePositionalOptions()
    .option("-v, --version", "show the version");
  addGlobalOptions(root);

  let found: Parsed | undefined;
  for (const entry of sortByGroup(commands)) {
    const command = createCommand(entry.name, context, printed)
      .summary(entry.summary)
      .helpGroup(`${entry.group}:`)
      .helpCommand(false);
    command.aliases([...(entry.aliases ?? [])]).copyInheritedSettings(root);
    if (entry === asked && module !== undefined) {
      declare(command, entry, module, (args, flags) => {
        const globals = mergeGlobalOptions(root.opts(), flags);
        found = { kind: "run", module, invocation: invocationOf(context, globals, args, flags) };
      });
    }
    root.addCommand(command, { hidden: entry.hidden === true });
  }
  try {
    const command = root.commands.find((candidate) => candidate.name() === asked?.name);
    await root.parseAsync(normalizeSpelling(argv, root, command), { from: "user" });
  } catch (error) {
    if (root.opts()["version"] === true) return { kind: "print", text: `tcompose version ${version()}\n` };
    if (isHelp(error)) return { kind: "print", text: printed.join("") };
    throw error;
  }
  return found ?? { kind: "print", text: root.helpInformation() };
}

function createCommand(name: string, context: CliContext, printed: string[]): Command {
  return new Command(name)
    .exitOverride()
    .helpOption("-h, --help", "show this help")
    .helpCommand("help [command]", "show help for a command")
    .configureHelp({
      styleTitle: (title) => title,
      sortOptions: false,
      helpWidth: helpWidth(context),
    } as Partial<Help>)
    .configureOutput({
      writeOut: (text) => printed.push(text),
      // Mistakes are reported by the caller, in the same form as all other errors.
      writeErr: (text) => printed.push(text),
      outputError: () => undefined,
      getOutHelpWidth: () => helpWidth(context),
    });
}

function declare(
  command: Command,
  entry: CommandEntry,
  module: CommandModule,
  onParsed: (args: readonly string[], flags: Readonly<Record<string, unknown>>) => void,
): void {
  command.description(`${entry.summary}.`);
  module.configure(command);
  addInheritedOptions(command);
  command.action(() => onParsed(command.args, command.opts()));
}

function invocationOf(
  context: CliContext,
  globals: GlobalOptions,
  args: readonly string[],
  flags: Readonly<Record<string, unknown>>,
): Invocation<never> {
  return { context, globals, args, flags: flags as never };
}

/** The command that the arguments name: the first word that is neither an option nor an option's value. */
export function findCommand(
  argv: readonly string[],
  commands: readonly CommandEntry[],
): CommandEntry | undefined {
  const takesValue = valueTakingFlags();
  for (let i = 0; i < argv.length; i += 1) {
    const word = argv[i] ?? "";
    if (word === "--") return undefined;
    if (word === "help") continue;
    if (!word.startsWith("-")) {
      return commands.find((entry) => entry.name === word || (entry.aliases ?? []).includes(word));
    }
    if (takesValue.has(word)) i += 1;
  }
  return undefined;
}

function sortByGroup(commands: readonly CommandEntry[]): CommandEntry[] {
  return GROUPS.flatMap((group) => commands.filter((entry) => entry.group === group));
}

function helpWidth(context: CliContext): number {
  return Math.min(context.stdout.columns() ?? 80, 100);
}

function isHelp(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return code === "commander.help" || code === "commander.helpDisplayed";
}
