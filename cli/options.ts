/** The options that every command takes, before or after its name. */
import { Option, type Command } from "commander";
import { PROGRESS_MODES, type ProgressMode } from "./reporters/reporter.ts";

export type AnsiMode = "auto" | "never" | "always";

export interface GlobalOptions {
  readonly file?: readonly string[];
  readonly projectName?: string;
  readonly profile?: readonly string[];
  readonly envFile?: readonly string[];
  readonly projectDirectory?: string;
  readonly progress?: ProgressMode;
  readonly ansi?: AnsiMode;
  readonly parallel?: number;
  readonly host?: string;
  readonly context?: string;
  readonly dryRun?: boolean;
  readonly compatibility?: boolean;
  readonly allResources?: boolean;
}

export function collect(value: string, previous: readonly string[] | undefined): readonly string[] {
  return [...(previous ?? []), value];
}

/** Parser of a repeatable option with a closed list of values. */
export function collectChoice(
  flag: string,
  choices: readonly string[],
): (value: string, previous: readonly string[] | undefined) => readonly string[] {
  return (value, previous) => {
    if (choices.includes(value)) return collect(value, previous);
    throw new UsageMistake(`${flag} does not know "${value}"`, `it takes ${choices.join(", ")}`);
  };
}

function globalOptionList(): Option[] {
  return [
    new Option("-f, --file <path>", "stack file, or - for standard input; repeatable").argParser(collect),
    new Option("-p, --project-name <name>", "name of the project"),
    new Option("--profile <name>", "also take services of this profile; repeatable").argParser(collect),
    new Option("--env-file <path>", "read variables from this file, not from .env; repeatable").argParser(
      collect,
    ),
    new Option("--project-directory <path>", "directory that relative paths start from"),
    new Option("--progress <mode>", "how progress is shown on standard error").choices(PROGRESS_MODES),
    new Option("--ansi <when>", "colours and cursor movement").choices(["auto", "never", "always"]),
    new Option("--parallel <number>", "most engine calls at once (-1: no limit)").argParser(
      parseWhole("--parallel"),
    ),
    new Option("-H, --host <endpoint>", "engine to talk to, e.g. unix:///var/run/docker.sock"),
    new Option("--context <name>", "docker context to take the engine from"),
    new Option("--dry-run", "show the plan, change nothing"),
    new Option("--compatibility", "names of containers and images with _, as docker-compose 1 wrote them"),
    new Option("--all-resources", "also take networks and volumes that no service uses").hideHelp(),
    new Option("--verbose").hideHelp(),
    // Of `docker compose`, for stacks kept in registries.
    new Option("--insecure-registry <address>").argParser(collect).hideHelp(),
  ];
}

const HEADING = "Global options:";

export function addGlobalOptions(command: Command): void {
  for (const option of globalOptionList()) command.addOption(option.helpGroup(HEADING));
}

/**
 * The same options on a subcommand. A short flag that the command uses for something else (`logs -f`) keeps the
 * command's meaning after its name.
 */
export function addInheritedOptions(command: Command): void {
  const longs = new Set(command.options.map((option) => option.long));
  const shorts = new Set(command.options.map((option) => option.short));
  for (const option of globalOptionList()) {
    if (longs.has(option.long)) continue;
    const inherited = option.short !== undefined && shorts.has(option.short) ? withoutShort(option) : option;
    command.addOption(inherited.hideHelp());
  }
}

function withoutShort(option: Option): Option {
  const copy = new Option(option.flags.replace(/^-\w, /, ""), option.description);
  if (option.parseArg !== undefined) copy.argParser(option.parseArg);
  if (option.argChoices !== undefined) copy.choices(option.argChoices);
  return copy;
}

/** Options of both places as one: lists are joined, otherwise the later place wins. */
export function mergeGlobalOptions(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): GlobalOptions {
  const merged: Record<string, unknown> = { ...before };
  for (const option of globalOptionList()) {
    const key = option.attributeName();
    const value = after[key];
    // Commands that know the peer's old `--parallel` switch mean no limit by it.
    if (value === undefined || (key === "parallel" && typeof value === "boolean")) continue;
    const earlier = before[key];
    merged[key] = Array.isArray(earlier) && Array.isArray(value) ? [...earlier, ...value] : value;
  }
  return merged;
}

/** An older name of `--project-directory`. */
export const WORKDIR = "--workdir";

/** Global options that take a value, by every spelling: what a scan for the command's name has to jump over. */
export function valueTakingFlags(): ReadonlySet<string> {
  const flags = globalOptionList()
    .filter((option) => option.required)
    .flatMap((option) => [option.long, option.short])
    .filter((flag): flag is string => flag !== undefined);
  return new Set([...flags, WORKDIR]);
}

/** Parser of a whole number for commander. */
export function parseWhole(flag: string): (value: string) => number {
  return (value) => {
    const parsed = Number(value);
    if (value.trim() === "" || !Number.isInteger(parsed)) {
      throw new UsageMistake(`${flag} needs a whole number, not "${value}"`);
    }
    return parsed;
  };
}

/** A mistake on the command line, found before any other room is loaded. */
export class UsageMistake extends Error {
  readonly hint: string | undefined;
  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}
