/** The command line as people and other tools spell it, in the form that the parser takes. Pure. */
import type { Command, Option } from "commander";
import { WORKDIR } from "./options.ts";

/** Older names of flags; an empty list: accepted, and without a meaning here. */
const GLOBAL: Readonly<Record<string, readonly string[]>> = {
  "--no-ansi": ["--ansi", "never"],
  [WORKDIR]: ["--project-directory"],
  "--debug": ["--verbose"],
  "-D": ["--verbose"],
};
const BY_COMMAND: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  up: { "--y": ["--yes"] },
  create: { "--y": ["--yes"] },
  down: { "--volume": ["--volumes"] },
  build: { "--no-rm": [], "--force-rm": [], "--compress": [] },
  pull: { "--no-parallel": [] },
  rm: { "-a": [], "--all": [] },
  run: { "--volumes": ["--volume"], "--labels": ["--label"] },
};

/** Values of switches, as Go programs read them. */
const SWITCH: ReadonlyMap<string, boolean> = new Map([
  ...["1", "t", "T", "true", "TRUE", "True"].map((text) => [text, true] as const),
  ...["0", "f", "F", "false", "FALSE", "False"].map((text) => [text, false] as const),
]);

/**
 * `--flag=true` and `--flag=false` become the flag, its negation, or nothing; `-f=FILE` becomes `-f FILE`; older names
 * of flags their present ones. Words behind `--`, and those of a command to run in a container, are left alone.
 */
export function normalizeSpelling(
  argv: readonly string[],
  root: Command,
  command: Command | undefined,
): string[] {
  const options = [...root.options, ...(command?.options ?? [])];
  const older = { ...GLOBAL, ...BY_COMMAND[command?.name() ?? ""] };
  const takesValue = (word: string): boolean => {
    const name = older[word]?.length === 1 ? older[word][0] : word;
    return options.some(({ long, short, required }) => required && (long === name || short === name));
  };
  const end = endOfOwnWords(argv, takesValue, command);
  return argv.flatMap((word, i) => {
    if (i >= end || !word.startsWith("-")) return [word];
    const [name, value] = splitValue(word);
    const known = options.some(({ long, short }) => long === name || short === name);
    const renamed = known ? undefined : older[name];
    if (renamed !== undefined) return value === undefined ? renamed : respell(renamed, value, options);
    return value === undefined ? [word] : respell([name], value, options);
  });
}

function splitValue(word: string): readonly [string, string?] {
  const equals = word.indexOf("=");
  return equals === -1 ? [word] : [word.slice(0, equals), word.slice(equals + 1)];
}

/** A flag with a value behind `=`. */
function respell(names: readonly string[], value: string, options: readonly Option[]): string[] {
  const [flag = "", ...rest] = names;
  const own = options.find(({ long, short }) => long === flag || short === flag);
  if (own !== undefined && (own.required || own.optional))
    return /^-[^-]/.test(flag) ? [flag, value] : [`${flag}=${value}`];
  const isOn = SWITCH.get(value);
  if (isOn === undefined) return rest.length > 0 ? [...names] : [`${flag}=${value}`];
  if (own !== undefined) return isOn ? [...names] : oppositesOf(own, options);
  const switches = switchesOf(flag, options);
  if (switches !== undefined) {
    const last = switches.pop() ?? "";
    return [...switches, ...respell([last], value, options)];
  }
  const negation = flag.startsWith("--no-") ? `--${flag.slice(5)}` : `--no-${flag.slice(2)}`;
  if (!options.some(({ long }) => long === negation)) return [`${flag}=${value}`];
  return isOn ? [] : [negation];
}

/** What takes a switch back: the one that sets the same to the contrary, or nothing where none is needed. */
function oppositesOf(own: Option, options: readonly Option[]): string[] {
  const opposite = options.find(
    (option) => option.negate !== own.negate && option.attributeName() === own.attributeName(),
  );
  return opposite?.long === undefined ? [] : [opposite.long];
}

/** `-it` -> `-i`, `-t`; undefined where one of the letters is no switch. */
function switchesOf(flag: string, options: readonly Option[]): string[] | undefined {
  if (!/^-[^-]{2,}$/.test(flag)) return undefined;
  const letters = flag
    .slice(1)
    .split("")
    .map((letter) => `-${letter}`);
  const isSwitch = (word: string): boolean =>
    options.some(({ short, required, optional }) => short === word && !required && !optional);
  return letters.every(isSwitch) ? letters : undefined;
}

/** Where words begin that are not ours: behind `--`, and behind the service of `exec` and `run`. */
function endOfOwnWords(
  argv: readonly string[],
  takesValue: (word: string) => boolean,
  command: Command | undefined,
): number {
  const separator = argv.indexOf("--");
  const end = separator === -1 ? argv.length : separator;
  if (command === undefined || !passesThrough(command)) return end;
  let seen = 0;
  for (let i = 0; i < end; i += 1) {
    const word = argv[i] ?? "";
    if (!word.startsWith("-")) seen += 1;
    // The command's name, then the service.
    if (seen === 2) return i;
    if (takesValue(word)) i += 1;
  }
  return end;
}

function passesThrough(command: Command): boolean {
  return command.registeredArguments.some((argument) => argument.name() === "command" && argument.variadic);
}
