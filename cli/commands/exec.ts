/** `exec`: runs a command in a running container. */
import type { Command } from "commander";
import { runExec, type ExecRequest } from "../../engine/exec/run-exec.ts";
import type { EngineApi, OutputChunk } from "../../engine/docker/api.ts";
import type { Invocation } from "../command.ts";
import type { CliContext, Environment } from "../context.ts";
import { listProjectContainers, pickContainer } from "../containers.ts";
import { EXIT_OK } from "../exit.ts";
import { collect, parseWhole } from "../options.ts";
import { watchSize, withRawTerminal } from "../raw-terminal.ts";
import { checkServices, connect, loadProject, stackEnvironment } from "../stack.ts";

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
    .option("--no-TTY", "the same as --no-tty")
    .option("-i, --interactive", "pass standard input on (it always is)")
    .option("-t, --tty", "a terminal for the command (where there is one it always gets it)")
    .option("--privileged", "give the command extended privileges")
    .option("-u, --user <user>", "run as this user")
    .option("-w, --workdir <path>", "run in this directory")
    .passThroughOptions();
}

export async function run(invocation: Invocation<ExecFlags & { readonly TTY?: boolean }>): Promise<number> {
  const { context, flags, args } = invocation;
  const [service = "", ...cmd] = args;
  const project = await loadProject(invocation);
  if (project.stack !== undefined) checkServices(project.stack, [service]);
  const engine = await connect(invocation);
  const { stop } = context.interrupts;
  const containers = await listProjectContainers(
    engine,
    project.name,
    { services: [service], oneoffs: true },
    stop,
  );
  const container = pickContainer(containers, service, flags.index ?? 0);
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
  let stopWatching: (() => void) | undefined;
  const runIt = () =>
    runExec(
      engine,
      container.id,
      { ...request, tty, stdin: context.stdin },
      {
        signal: stop,
        onOutput: (chunk) => writeChunk(context, chunk),
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
    const result = tty ? await withRawTerminal(context, runIt) : await runIt();
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

function writeChunk({ stdout, stderr }: CliContext, chunk: OutputChunk): Promise<void> | undefined {
  const output = chunk.stream === "stderr" ? stderr : stdout;
  output.write(chunk.data);
  return output.isCongested() ? output.ready() : undefined;
}

/** `KEY` alone takes the value of the project's environment; without one it is left out. */
export function resolveVariables(variables: readonly string[], env: Environment): string[] {
  return variables.flatMap((variable) => {
    if (variable.includes("=")) return [variable];
    const value = env[variable];
    return value === undefined ? [] : [`${variable}=${value}`];
  });
}
