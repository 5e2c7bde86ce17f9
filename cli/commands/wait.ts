/** `wait`: until containers have ended; the exit code is that of the last one. */
import type { Command } from "commander";
import { UsageError } from "../../engine/error.ts";
import { followLogs } from "../../engine/logs/follow.ts";
import type { Invocation } from "../command.ts";
import { listProjectContainers } from "../containers.ts";
import { EXIT_OK } from "../exit.ts";
import { checkServices, connect, loadProject } from "../stack.ts";

interface WaitFlags {
  readonly downProject?: boolean;
}

export function configure(command: Command): void {
  command
    .argument("<service...>", "services to wait for")
    .option("--down-project", "stop and remove the project when they have ended");
}

export async function run(invocation: Invocation<WaitFlags>): Promise<number> {
  const { context, flags, args } = invocation;
  const project = await loadProject(invocation);
  if (project.stack !== undefined) checkServices(project.stack, args);
  const engine = await connect(invocation);
  const { stop } = context.interrupts;
  const containers = await listProjectContainers(engine, project.name, { services: args }, stop);
  const running = containers.filter(({ state }) => ["running", "paused", "restarting"].includes(state));
  // A job may be faster than whoever waits for it.
  const ended = containers.filter(({ state }) => state === "exited");
  if (running.length + ended.length === 0) {
    throw new UsageError(`${args.join(", ")}: no container runs or has run`, {
      hint: `start it with: tcompose up -d ${args.join(" ")}`,
    });
  }
  let last = 0;
  const tell = (container: string, exitCode = 0): void => {
    last = exitCode;
    context.stdout.write(`container "${container}" exited with status code ${exitCode}\n`);
  };
  for (const { name, exitCode } of ended) tell(name, exitCode);
  if (running.length > 0)
    await followLogs(
      engine,
      running,
      { project: project.name, services: args, tail: 0 },
      (event) => {
        if (event.type !== "container-state" || event.state !== "exited") return;
        tell(event.container, event.exitCode);
      },
      stop,
    );
  engine.close();
  const interrupted = context.interrupts.exitCode();
  if (interrupted !== undefined || flags.downProject !== true) return interrupted ?? last;
  const down = await import("./down.ts");
  const code = await down.run({ ...invocation, args: [], flags: {} });
  return code === EXIT_OK ? last : code;
}
