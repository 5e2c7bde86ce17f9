/** The flags of `run`: how they are declared, and what they make of the service's container. */
import { resolve } from "node:path";
import type { Command } from "commander";
import type { PortBinding } from "../engine/docker/types.ts";
import { UsageError } from "../engine/error.ts";
import type { OneOffOptions } from "../engine/session/one-off.ts";
import { parseEnvFile } from "../schema/env-file.ts";
import type { Stack } from "../schema/model.ts";
import { parsePortSpec } from "../schema/port-spec.ts";
import { splitShellWords } from "../schema/shell-words.ts";
import { resolveVariables } from "./commands/exec.ts";
import type { CliContext } from "./context.ts";
import { createFileSystem } from "./files.ts";
import { collect } from "./options.ts";

export interface RunFlags {
  readonly adopt?: boolean;
  readonly build?: boolean;
  readonly capAdd?: readonly string[];
  readonly capDrop?: readonly string[];
  readonly deps?: boolean;
  readonly detach?: boolean;
  readonly entrypoint?: string;
  readonly env?: readonly string[];
  readonly envFromFile?: readonly string[];
  readonly interactive?: boolean;
  readonly label?: readonly string[];
  readonly name?: string;
  readonly publish?: readonly string[];
  readonly pull?: "always" | "missing" | "never" | "policy";
  readonly quiet?: boolean;
  readonly quietBuild?: boolean;
  readonly quietPull?: boolean;
  readonly removeOrphans?: boolean;
  readonly rm?: boolean;
  readonly servicePorts?: boolean;
  /** `false` by `-T`. */
  readonly tty?: boolean;
  readonly TTY?: boolean;
  readonly useAliases?: boolean;
  readonly user?: string;
  readonly volume?: readonly string[];
  readonly workdir?: string;
}

export function addRunOptions(command: Command): void {
  const hidden = (flag: string, text: string) => command.createOption(flag, text).hideHelp();
  command
    .argument("<service>")
    .argument("[command...]", "command and its arguments, instead of the service's")
    .option("--adopt", "take over containers of this project that come from another directory")
    .option("--build", "build the image first")
    .option("--cap-add <capability>", "give the container a capability; repeatable", collect)
    .option("--cap-drop <capability>", "take a capability away; repeatable", collect)
    .option("-d, --detach", "do not wait for the container")
    .option("--entrypoint <command>", "entrypoint, instead of the image's or the service's")
    .option("-e, --env <variable>", "KEY=value, or KEY to pass on its value here; repeatable", collect)
    .option("--env-from-file <path>", "variables from this file; -e wins; repeatable", collect)
    .option("-i, --interactive", "pass standard input on (the default)")
    .addOption(hidden("--no-interactive", "do not pass standard input on"))
    .option("-l, --label <label>", "KEY=value; repeatable", collect)
    .option("--name <name>", "name of the container")
    .option("--no-deps", "do not start what the service depends on")
    .option("-p, --publish <port>", "publish a port; repeatable", collect)
    .addOption(
      command
        .createOption("--pull <when>", "when to pull the image")
        .choices(["always", "missing", "never", "policy"]),
    )
    .option("-q, --quiet", "nothing but the command's output")
    .option("--quiet-build", "no output of builds")
    .option("--quiet-pull", "no progress of pulls")
    .option("--remove-orphans", "remove containers of services that the stack does not have")
    .option("--rm", "remove the container when it has ended")
    .option("-P, --service-ports", "publish the service's ports")
    .option("-T, --no-tty", "no terminal for the command")
    .addOption(hidden("--no-TTY", "the same as --no-tty"))
    .option("-t, --tty", "a terminal for the command (the default where there is one)")
    .option("--use-aliases", "let other containers reach it under the service's names")
    .option("-u, --user <user>", "run as this user")
    .option("-v, --volume <mount>", "mount a volume or a directory; repeatable", collect)
    .option("-w, --workdir <path>", "run in this directory")
    .passThroughOptions();
}

export function oneOffOptions(
  stack: Stack,
  flags: RunFlags,
  cmd: readonly string[],
  how: { readonly tty: boolean; readonly context: CliContext },
): OneOffOptions {
  const entrypoint = flags.entrypoint === undefined ? undefined : splitShellWords(flags.entrypoint);
  return {
    project: stack.name,
    nameSeparator: stack.nameSeparator,
    name: flags.name,
    // Another entrypoint does away with the service's command.
    command: cmd.length > 0 ? cmd : entrypoint === undefined ? undefined : [],
    entrypoint,
    env: [
      ...fileVariables(flags.envFromFile ?? [], stack, how.context),
      ...resolveVariables(flags.env ?? [], stack.environment),
    ],
    labels: Object.fromEntries((flags.label ?? []).map(splitLabel)),
    user: flags.user,
    workdir: flags.workdir,
    tty: how.tty,
    stdin: flags.detach !== true && flags.interactive !== false,
    servicePorts: flags.servicePorts === true,
    publish: publishedPorts(flags.publish ?? []),
    binds: (flags.volume ?? []).map((volume) => absoluteSource(volume, how.context)),
    useAliases: flags.useAliases === true,
    capAdd: flags.capAdd ?? [],
    capDrop: flags.capDrop ?? [],
  };
}

/** Files in order; of a variable that comes twice the container gets the last. @throws UsageError */
function fileVariables(paths: readonly string[], stack: Stack, { cwd }: CliContext): string[] {
  const files = createFileSystem();
  return paths.flatMap((path) => {
    const file = files.read(resolve(cwd, path));
    if (file.kind !== "text") throw new UsageError(`--env-from-file: cannot read ${path}`);
    const { entries, problems } = parseEnvFile(file.text, (name) => stack.environment[name]);
    const [problem] = problems;
    if (problem !== undefined) {
      const line = file.text.slice(0, problem.start).split("\n").length;
      throw new UsageError(`${path}:${line}: ${problem.message}`);
    }
    return [...entries].map(([name, { value }]) => `${name}=${value}`);
  });
}

/** `./data:/data`: the engine takes absolute paths only. */
function absoluteSource(volume: string, { cwd, home }: CliContext): string {
  const colon = volume.indexOf(":");
  const source = volume.slice(0, colon);
  if (colon === -1 || !/^(\.|~\/|~$)/.test(source)) return volume;
  const path = source.startsWith("~") ? `${home}${source.slice(1)}` : resolve(cwd, source);
  return `${path}${volume.slice(colon)}`;
}

function splitLabel(text: string): [string, string] {
  const equals = text.indexOf("=");
  return equals === -1 ? [text, ""] : [text.slice(0, equals), text.slice(equals + 1)];
}

function publishedPorts(specs: readonly string[]): Readonly<Record<string, readonly PortBinding[]>> {
  const bindings: Record<string, PortBinding[]> = {};
  for (const spec of specs) {
    const parsed = parsePortSpec(spec);
    if (!parsed.ok) throw new UsageError(`--publish ${spec}: ${parsed.reason}`);
    for (const { target, published, hostIp, protocol } of parsed.ports) {
      const key = `${target}/${protocol}`;
      (bindings[key] ??= []).push({ HostIp: hostIp, HostPort: published });
    }
  }
  return bindings;
}
