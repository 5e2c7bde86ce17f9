/** `run`: one command in a container of its own, made like a service's. */
import type { Command } from "commander";
import type { DesiredService } from "../../engine/desired/model.ts";
import type { PortBinding } from "../../engine/docker/types.ts";
import { InternalError, RefusedError, UsageError } from "../../engine/error.ts";
import { planPullImages, planBuildImages } from "../../engine/session/images.ts";
import { createOneOff, runOneOff, type OneOffOptions } from "../../engine/session/one-off.ts";
import { prepareUp } from "../../engine/session/prepare.ts";
import { parsePortSpec } from "../../schema/port-spec.ts";
import { splitShellWords } from "../../schema/shell-words.ts";
import type { Stack } from "../../schema/model.ts";
import type { Invocation } from "../command.ts";
import { EXIT_OK } from "../exit.ts";
import { collect } from "../options.ts";
import { watchSize, withRawTerminal } from "../raw-terminal.ts";
import { carryOut, concludeReport, settleDecisions, warn, withSession, type Session } from "../session.ts";
import { checkServices, loadStack } from "../stack.ts";
import { resolveVariables } from "./exec.ts";

interface RunFlags {
  readonly build?: boolean;
  readonly deps?: boolean;
  readonly detach?: boolean;
  readonly entrypoint?: string;
  readonly env?: readonly string[];
  readonly label?: readonly string[];
  readonly name?: string;
  readonly publish?: readonly string[];
  readonly rm?: boolean;
  readonly servicePorts?: boolean;
  /** `false` by `-T`. */
  readonly tty?: boolean;
  readonly useAliases?: boolean;
  readonly user?: string;
  readonly volume?: readonly string[];
  readonly workdir?: string;
}

export function configure(command: Command): void {
  command
    .argument("<service>")
    .argument("[command...]", "command and its arguments, instead of the service's")
    .option("--build", "build the image first")
    .option("-d, --detach", "do not wait for the container")
    .option("--entrypoint <command>", "entrypoint, instead of the image's or the service's")
    .option("-e, --env <variable>", "KEY=value, or KEY to pass on its value here; repeatable", collect)
    .option("-i, --interactive", "pass standard input on (it always is)")
    .option("-l, --label <label>", "KEY=value; repeatable", collect)
    .option("--name <name>", "name of the container")
    .option("--no-deps", "do not start what the service depends on")
    .option("-p, --publish <port>", "publish a port; repeatable", collect)
    .option("--rm", "remove the container when it has ended")
    .option("-P, --service-ports", "publish the service's ports")
    .option("-T, --no-tty", "no terminal for the command")
    .option("--use-aliases", "let other containers reach it under the service's names")
    .option("-u, --user <user>", "run as this user")
    .option("-v, --volume <mount>", "mount a volume or a directory; repeatable", collect)
    .option("-w, --workdir <path>", "run in this directory")
    .passThroughOptions();
}

export async function run(invocation: Invocation<RunFlags>): Promise<number> {
  const { flags, args } = invocation;
  const [service = "", ...cmd] = args;
  if (flags.servicePorts === true && flags.publish !== undefined) {
    throw new UsageError("--service-ports and --publish contradict each other");
  }
  const stack = await loadStack(invocation, { services: [service], noDependencies: flags.deps === false });
  checkServices(stack, [service]);
  return withSession(invocation, stack, async (session) => {
    const dependencies = await startDependencies(session, stack, service);
    if (dependencies !== EXIT_OK) return dependencies;
    const { desired, observed } = await prepareUp(session.engine, stack, {
      signal: invocation.context.interrupts.stop,
    });
    const target = desired.services.find(({ name }) => name === service);
    if (target === undefined) throw new InternalError(`the stack has lost service "${service}"`);
    if (target.copies.length > 0) {
      throw new RefusedError(
        `"run" cannot give configs or secrets without a file to service "${service}" yet`,
      );
    }
    const only = { ...desired, services: [target] };
    const isPresent = planPullImages(only, observed, { always: false }).operations.length === 0;
    const builds = target.image.buildable && (flags.build === true || !isPresent);
    const images = builds
      ? planBuildImages(only, observed, undefined)
      : planPullImages(only, observed, { always: false });
    if (images.operations.length > 0) {
      const code = await concludeReport(session, images, await carryOut(session, images));
      if (code !== EXIT_OK) return code;
    }
    await session.reporter.close();
    return runTarget(session, stack, target, invocation, cmd);
  });
}

/** Everything the service depends on, up and ready. */
async function startDependencies(session: Session, stack: Stack, service: string): Promise<number> {
  const { [service]: _target, ...others } = stack.services;
  const names = Object.keys(others);
  if (names.length === 0) return EXIT_OK;
  const { [service]: target } = stack.services;
  const rest: Stack = {
    ...stack,
    services: others,
    disabledServices: { ...stack.disabledServices, ...(target === undefined ? {} : { [service]: target }) },
    locate: (path) => stack.locate(path),
  };
  const { invocation } = session;
  const prepared = await prepareUp(session.engine, rest, {
    policy: { wait: true, ignoreOrphans: true },
    signal: invocation.context.interrupts.stop,
  });
  const result = await settleDecisions(prepared.plan, invocation, false);
  warn(session, result.warnings);
  return concludeReport(session, result.plan, await carryOut(session, result.plan));
}

async function runTarget(
  session: Session,
  stack: Stack,
  target: DesiredService,
  { context, flags }: Invocation<RunFlags>,
  cmd: readonly string[],
): Promise<number> {
  const { engine } = session;
  const { stop: signal } = context.interrupts;
  const isTerminal = context.stdout.isTTY && context.stdin.isTTY;
  const tty = flags.detach === true ? target.service.tty === true : flags.tty !== false && isTerminal;
  const options = optionsOf(stack, flags, cmd, tty);
  const { id, name } = await createOneOff(engine, target, options, signal);
  if (flags.detach === true) {
    await engine.startContainer(id, { signal });
    context.stdout.write(`${name}\n`);
    return EXIT_OK;
  }
  let stopWatching: (() => void) | undefined;
  const body = () =>
    runOneOff(engine, id, {
      tty,
      stdin: true,
      signal,
      onAttached: (input) => {
        context.stdin.pipe(input);
        if (!tty) return;
        // The size is a nicety: a container that has ended meanwhile has none.
        stopWatching = watchSize(
          context,
          (size) => void engine.resizeContainer(id, size).catch(() => undefined),
        );
      },
      onOutput: (chunk) => {
        const output = chunk.stream === "stderr" ? context.stderr : context.stdout;
        output.write(chunk.data);
        return output.isCongested() ? output.ready() : undefined;
      },
    });
  try {
    return isTerminal && tty ? await withRawTerminal(context, body) : await body();
  } finally {
    stopWatching?.();
    await cleanUp(session, id, flags.rm === true);
  }
}

/** An interrupted command must not go on behind the user's back. */
async function cleanUp({ engine, invocation }: Session, id: string, remove: boolean): Promise<void> {
  if (remove) await engine.removeContainer(id, { force: true, volumes: true });
  else if (invocation.context.interrupts.stop.aborted) await engine.stopContainer(id);
}

function optionsOf(stack: Stack, flags: RunFlags, cmd: readonly string[], tty: boolean): OneOffOptions {
  const entrypoint = flags.entrypoint === undefined ? undefined : splitShellWords(flags.entrypoint);
  return {
    project: stack.name,
    nameSeparator: stack.nameSeparator,
    name: flags.name,
    // Another entrypoint does away with the service's command.
    command: cmd.length > 0 ? cmd : entrypoint === undefined ? undefined : [],
    entrypoint,
    env: resolveVariables(flags.env ?? [], stack.environment),
    labels: Object.fromEntries((flags.label ?? []).map(splitLabel)),
    user: flags.user,
    workdir: flags.workdir,
    tty,
    stdin: flags.detach !== true,
    servicePorts: flags.servicePorts === true,
    publish: publishedPorts(flags.publish ?? []),
    binds: flags.volume ?? [],
    useAliases: flags.useAliases === true,
  };
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
