/** `cp`: files between containers of a service and the host. */
import { resolve } from "node:path";
import type { Command } from "commander";
import { copyIn } from "../../engine/copy/copy-in.ts";
import { copyOut, readFromContainer } from "../../engine/copy/copy-out.ts";
import type { EngineApi } from "../../engine/docker/api.ts";
import { UsageError } from "../../engine/error.ts";
import type { ObservedContainer } from "../../engine/observe/model.ts";
import { actOnContainers } from "../actions.ts";
import type { Invocation } from "../command.ts";
import { listProjectContainers } from "../containers.ts";
import { EXIT_OK } from "../exit.ts";
import { parseWhole } from "../options.ts";
import { refuseTerminal, writeStream } from "../output-file.ts";
import { checkServices, connect, loadProject } from "../stack.ts";

interface CpFlags {
  readonly all?: boolean;
  readonly archive?: boolean;
  readonly followLink?: boolean;
  readonly index?: number;
}

interface Side {
  /** Undefined: on the host. */
  readonly service: string | undefined;
  readonly path: string;
}

export function configure(command: Command): void {
  command
    .usage("[options] SERVICE:PATH PATH|-\n       tcompose cp [options] PATH|- SERVICE:PATH")
    .argument("<source>", "what to copy; - reads a tar from standard input")
    .argument("<target>", "where to; - writes a tar to standard output")
    .option("--all", "also containers made by run")
    .option("-a, --archive", "keep user and group ids")
    .option("-L, --follow-link", "follow a symbolic link given as source")
    .option("--index <number>", "only the container with this number", parseWhole("--index"))
    .addHelpText("after", EXAMPLES);
}

const EXAMPLES = `
PATH/. copies what is in a directory, without the directory itself. Files go to
all containers of a service, and come from the first.

Examples:
  tcompose cp web:/var/log/app.log .
  tcompose cp ./seed.sql db:/tmp/
`;

export async function run(invocation: Invocation<CpFlags>): Promise<number> {
  const { context, flags, args } = invocation;
  const [from, to] = [parseSide(args[0] ?? ""), parseSide(args[1] ?? "")];
  const service = from.service ?? to.service;
  if (service === undefined || (from.service !== undefined && to.service !== undefined)) {
    throw new UsageError("one side has to be in a container, and only one", {
      hint: "write it as SERVICE:PATH, and a path on the host that has a colon as ./PATH",
    });
  }
  const project = await loadProject(invocation);
  if (project.stack !== undefined) checkServices(project.stack, [service]);
  if (from.service !== undefined && to.path === "-") refuseTerminal(context);
  const engine = await connect(invocation);
  try {
    const choice = { services: [service], oneoffs: flags.all === true };
    const { stop } = context.interrupts;
    const containers = (await listProjectContainers(engine, project.name, choice, stop)).filter(
      ({ number }) => flags.index === undefined || number === flags.index,
    );
    if (containers.length === 0) {
      const which = flags.index === undefined ? "no container" : `no container number ${flags.index}`;
      throw new UsageError(`service "${service}" has ${which}`);
    }
    // There is one standard input and one target on the host.
    const isOne = from.service !== undefined || from.path === "-";
    const targets = isOne ? containers.slice(0, 1) : containers;
    await actOnContainers(invocation, targets, {
      verb: `copy ${args[0] ?? ""} to ${args[1] ?? ""}:`,
      words: { during: "Copying", after: "Copied" },
      run: (container) => copy(engine, invocation, container, from, to),
    });
  } finally {
    engine.close();
  }
  return EXIT_OK;
}

async function copy(
  engine: EngineApi,
  { context, flags }: Invocation<CpFlags>,
  { id }: ObservedContainer,
  from: Side,
  to: Side,
): Promise<void> {
  const followLink = flags.followLink === true;
  const { stop: signal } = context.interrupts;
  const onHost = (path: string): string => resolve(context.cwd, path) + (/\/\.?$/.exec(path)?.[0] ?? "");
  if (from.service === undefined) {
    const source = from.path === "-" ? context.stdin : onHost(from.path);
    const toOwner = flags.archive === true;
    return copyIn(engine, { container: id, from: source, to: to.path, followLink, toOwner, signal });
  }
  const request = { container: id, from: from.path, followLink, signal };
  if (to.path === "-") return writeStream(await readFromContainer(engine, request), undefined, context);
  return copyOut(engine, request, onHost(to.path), flags.archive === true);
}

/** `./a:b` and `/a:b` are on the host. */
function parseSide(text: string): Side {
  const colon = text.indexOf(":");
  if (colon === -1 || text.startsWith("/") || text.startsWith(".")) return { service: undefined, path: text };
  const path = text.slice(colon + 1);
  if (colon === 0 || path === "") throw new UsageError(`"${text}" is not SERVICE:PATH`);
  return { service: text.slice(0, colon), path };
}
