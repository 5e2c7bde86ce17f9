/** `run`: one command in a container of its own, made like a service's. */
import type { Command } from "commander";
import type { DesiredService } from "../../engine/desired/model.ts";
import { configuredDetachKeys } from "../../engine/docker/settings.ts";
import { InternalError, UsageError } from "../../engine/error.ts";
import { attach } from "../../engine/session/attach.ts";
import { planServiceImages } from "../../engine/session/images.ts";
import { createOneOff, planOneOffCopies } from "../../engine/session/one-off.ts";
import { prepareUp, type PreparedUp } from "../../engine/session/prepare.ts";
import type { Plan } from "../../engine/plan/operation.ts";
import type { Stack } from "../../schema/model.ts";
import type { Invocation } from "../command.ts";
import { printDryRun } from "../dry-run.ts";
import { EXIT_ERROR, EXIT_OK } from "../exit.ts";
import { runStartHooks } from "../one-off-hooks.ts";
import { printChanges } from "../print-changes.ts";
import { passOn, watchSize, withRawTerminal, type Keys } from "../raw-terminal.ts";
import { addRunOptions, oneOffOptions, type RunFlags } from "../run-options.ts";
import { carryOut, concludeReport, settleDecisions, warn, withSession, type Session } from "../session.ts";
import { checkServices, loadStack } from "../stack.ts";

export const configure: (command: Command) => void = addRunOptions;

interface Target {
  readonly service: DesiredService;
  readonly stack: Stack;
  /** Instead of the service's. */
  readonly cmd: readonly string[];
}

export async function run(invocation: Invocation<RunFlags>): Promise<number> {
  const { flags, globals, args } = invocation;
  const [name = "", ...cmd] = args;
  if (flags.servicePorts === true && flags.publish !== undefined) {
    throw new UsageError("--service-ports and --publish contradict each other");
  }
  const stack = await loadStack(invocation, { services: [name], noDependencies: flags.deps === false });
  checkServices(stack, [name]);
  const quiet = flags.quiet === true ? { globals: { ...globals, progress: "quiet" as const } } : {};
  return withSession({ ...invocation, ...quiet }, stack, async (session) => {
    const dependencies = await startDependencies(session, stack, name, flags);
    if (dependencies !== EXIT_OK) return dependencies;
    const prepared = await prepareUp(session.engine, stack, {
      signal: invocation.context.interrupts.stop,
    });
    const service = prepared.desired.services.find((candidate) => candidate.name === name);
    if (service === undefined) throw new InternalError(`the stack has lost service "${name}"`);
    const images = planImages(prepared, service, flags);
    if (globals.dryRun === true) {
      if (images.operations.length > 0) printChanges({ plan: images }, invocation);
      const command = cmd.length === 0 ? "its command" : cmd.join(" ");
      return printDryRun(invocation.context, [`run ${command} in a new container of service ${name}`]);
    }
    if (images.operations.length > 0) {
      const code = await concludeReport(session, images, await carryOut(session, images));
      if (code !== EXIT_OK) return code;
    }
    return runTarget(session, invocation, { service, stack, cmd });
  });
}

function planImages({ desired, observed }: PreparedUp, service: DesiredService, flags: RunFlags): Plan {
  const { pull } = flags;
  return planServiceImages({ ...desired, services: [service] }, observed, {
    ...(flags.build === true ? { build: "always" } : {}),
    ...(pull === undefined || pull === "policy" ? {} : { pull }),
  });
}

/** Everything the service depends on, up and ready; networks and volumes of its own, too. */
async function startDependencies(
  session: Session,
  stack: Stack,
  service: string,
  flags: RunFlags,
): Promise<number> {
  const { [service]: target, ...others } = stack.services;
  const rest: Stack = {
    ...stack,
    services: others,
    disabledServices: { ...stack.disabledServices, ...(target === undefined ? {} : { [service]: target }) },
    locate: (path) => stack.locate(path),
  };
  const { invocation } = session;
  const prepared = await prepareUp(session.engine, rest, {
    policy: {
      wait: true,
      ignoreOrphans: true,
      removeOrphans: flags.removeOrphans === true,
      adopt: flags.adopt === true,
    },
    signal: invocation.context.interrupts.stop,
  });
  if (invocation.globals.dryRun === true) return printChanges(prepared.plan(), invocation);
  const result = await settleDecisions(prepared.plan, invocation, false);
  warn(session, result.warnings);
  return concludeReport(session, result.plan, await carryOut(session, result.plan));
}

async function runTarget(
  session: Session,
  { context, flags }: Invocation<RunFlags>,
  { service, stack, cmd }: Target,
): Promise<number> {
  const { engine } = session;
  const { stop: signal } = context.interrupts;
  const isTerminal = context.stdout.isTTY && context.stdin.isTTY;
  const wantsTty = flags.tty !== false && flags.TTY !== false;
  const tty = flags.detach === true ? service.service.tty === true : wantsTty && isTerminal;
  const options = oneOffOptions(stack, flags, cmd, { tty, context });
  const { id, name } = await createOneOff(engine, service, options, signal);
  let goesOn = flags.detach === true;
  try {
    if (service.copies.length > 0) {
      const copies = planOneOffCopies(stack.name, service, name);
      const code = await concludeReport(session, copies, await carryOut(session, copies));
      if (code !== EXIT_OK) {
        goesOn = false;
        return code;
      }
    }
    await session.reporter.close();
    if (flags.detach === true) {
      await engine.startContainer(id, { signal });
      context.stdout.write(`${name}\n`);
      const failure = await runStartHooks(session, service, { id, name }, signal);
      if (failure === undefined) return EXIT_OK;
      context.stderr.write(`${failure}\n`);
      return EXIT_ERROR;
    }
    const over = new AbortController();
    let hooks: Promise<string | undefined> = Promise.resolve(undefined);
    const onStarted = (): void => {
      hooks = runStartHooks(session, service, { id, name }, AbortSignal.any([signal, over.signal]));
      // Looked at when the command has ended.
      hooks.catch(() => undefined);
    };
    const end = await connectTo(session, id, { tty, stdin: options.stdin, onStarted });
    goesOn = end === undefined;
    over.abort();
    const failure = await hooks;
    if (failure !== undefined) context.stderr.write(`${failure}\n`);
    return (end?.exitCode ?? EXIT_OK) || (failure === undefined ? EXIT_OK : EXIT_ERROR);
  } catch (error) {
    goesOn = false;
    throw error;
  } finally {
    // Left with the detach keys, it goes on by itself.
    if (!goesOn) await cleanUp(session, id, flags.rm === true);
  }
}

async function connectTo(
  { engine, invocation }: Session,
  id: string,
  how: { readonly tty: boolean; readonly stdin: boolean; readonly onStarted: () => void },
): ReturnType<typeof attach> {
  const { context } = invocation;
  const { stop: signal } = context.interrupts;
  const { tty, stdin } = how;
  const detachKeys = tty ? await configuredDetachKeys(context) : undefined;
  let stopWatching: (() => void) | undefined;
  const body = (keys?: Keys) =>
    attach(engine, id, {
      tty,
      stdin,
      detachKeys,
      leave: keys?.leave,
      signal,
      onOutput: (chunk) => passOn(context, chunk),
      onAttached: async (input) => {
        if (stdin) (keys?.input ?? context.stdin).pipe(input);
        await engine.startContainer(id, { signal });
        how.onStarted();
        if (!tty) return;
        // The size is a nicety: a container that has ended meanwhile has none.
        stopWatching = watchSize(
          context,
          (size) => void engine.resizeContainer(id, size).catch(() => undefined),
        );
      },
    });
  try {
    return tty ? await withRawTerminal(context, detachKeys, body) : await body();
  } finally {
    stopWatching?.();
  }
}

/** An interrupted command must not go on behind the user's back. */
async function cleanUp({ engine, invocation }: Session, id: string, remove: boolean): Promise<void> {
  if (remove) await engine.removeContainer(id, { force: true, volumes: true });
  else if (invocation.context.interrupts.stop.aborted) await engine.stopContainer(id);
}
