/** `exec`: runs a command in a running container. */
import type { Command } from "commander";
import { configuredDetachKeys } from "../../engine/docker/settings.ts";
import { runExec, type ExecRequest } from "../../engine/exec/run-exec.ts";
import type { EngineApi } from "../../engine/docker/api.ts";
import type { Invocation } from "../command.ts";
import type { Environment } from "../context.ts";
import { printDryRun } from "../dry-run.ts";
import { EXIT_OK } from "../exit.ts";
import { collect, parseWhole } from "../options.ts";
import { passOn, watchSize, withRawTerminal, type Keys } from "../raw-terminal.ts";
import { openServiceContainer } from "../service-container.ts";
import { stackEnvironment } from "../stack.ts";

interface ExecFlags {
  readonly detach?: boolean;
  readonly env?: readonly string[];
  readonly index?: number;
  readonly interactive?: boolean;
  readonly privileged?: boolean;
  /** `false` by `-T`. */
  readonly tty?: boolean;
  readonly user?: string;
  readonly workdir?: string;
}

export function configure(command: Command): void {
  command
    .argument("<service>")
    .argument("<command...>", "command and its arguments")
    .option("-d, --detach", "do not wait for the command")
    .option("-e, --env <variable>", "KEY=value, or KEY to pass on its value here; repeatable", collect)
    .option("--index <number>", "number of the container", parseWhole("--index"))
    .option("-T, --no-tty", "no terminal for the command")
    .addOption(command.createOption("--no-TTY", "the same as --no-tty").hideHelp())
    .option("-i, --interactive", "pass standard input on (the default)")
    .addOption(command.createOption("--no-interactive", "do not pass standard input on").hideHelp())
    .option("-t, --tty", "a terminal for the command (the default where there is one)")
    .option("--privileged", "give the command extended privileges")
    .option("-u, --user <user>", "run as this user")
    .option("-w, --workdir <path>", "run in this directory")
    .passThroughOptions();
}

export async function run(invocation: Invocation<ExecFlags & { readonly TTY?: boolean }>): Promise<number> {
  const { context, flags, globals, args } = invocation;
  const [service = "", ...cmd] = args;
  const { stop } = context.interrupts;
  const { engine, project, container } = await openServiceContainer(invocation, service, flags.index ?? 0);
  if (globals.dryRun === true) {
    engine.close();
    return printDryRun(context, [`run ${cmd.join(" ")} in container ${container.name}`]);
  }
  const env = resolveVariables(flags.env ?? [], stackEnvironment(invocation, project.stack));
  const request = {
    cmd,
    env,
    ...(flags.user === undefined ? {} : { user: flags.user }),
    ...(flags.workdir === undefined ? {} : { workdir: flags.workdir }),
    privileged: flags.privileged === true,
  };
  if (flags.detach === true) {
    await startDetached(engine, container.id, request);
    engine.close();
    return EXIT_OK;
  }
  const tty = flags.tty !== false && flags.TTY !== false && context.stdout.isTTY && context.stdin.isTTY;
  const detachKeys = tty ? await configuredDetachKeys(context) : undefined;
  let stopWatching: (() => void) | undefined;
  const runIt = (keys?: Keys) =>
    runExec(
      engine,
      container.id,
      {
        ...request,
        tty,
        ...(flags.interactive === false ? {} : { stdin: keys?.input ?? context.stdin }),
        ...(keys === undefined ? {} : { leave: keys.leave }),
        ...(detachKeys === undefined ? {} : { detachKeys }),
      },
      {
        signal: stop,
        onOutput: (chunk) => passOn(context, chunk),
        onStart: (execId) => {
          if (!tty) return;
          // The size is a nicety: a command that has ended meanwhile has none.
          stopWatching = watchSize(
            context,
            (size) => void engine.resizeExec(execId, size).catch(() => undefined),
          );
        },
      },
    );
  try {
    const result = tty ? await withRawTerminal(context, detachKeys, runIt) : await runIt();
    return result.exitCode;
  } finally {
    stopWatching?.();
    engine.close();
  }
}

async function startDetached(engine: EngineApi, container: string, request: ExecRequest): Promise<void> {
  const { cmd, env, privileged, user, workdir } = request;
  const id = await engine.createExec(container, {
    Cmd: cmd,
    ...(env === undefined ? {} : { Env: env }),
    Privileged: privileged === true,
    ...(user === undefined ? {} : { User: user }),
    ...(workdir === undefined ? {} : { WorkingDir: workdir }),
  });
  await engine.startExecDetached(id);
}

/** `KEY` alone takes the value of the project's environment; without one it is left out. */
export function resolveVariables(variables: readonly string[], env: Environment): string[] {
  return variables.flatMap((variable) => {
    if (variable.includes("=")) return [variable];
    const value = env[variable];
    return value === undefined ? [] : [`${variable}=${value}`];
  });
}
