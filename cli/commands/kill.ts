/** `kill`: sends a signal to running containers. */
import type { Command } from "commander";
import { actOnContainers } from "../actions.ts";
import type { Invocation } from "../command.ts";
import { listProjectContainers } from "../containers.ts";
import { EXIT_OK } from "../exit.ts";
import { addAdoptOption, checkOwner, type OwnerFlags } from "../owner.ts";
import { checkServices, connect, loadProject } from "../stack.ts";
import { note } from "../note.ts";

interface KillFlags extends OwnerFlags {
  readonly removeOrphans?: boolean;
  readonly signal: string;
}

export function configure(command: Command): void {
  command
    .argument("[service...]", "only containers of these services")
    .option("-s, --signal <signal>", "signal to send", "SIGKILL")
    .option("--remove-orphans", "also containers of services that the stack does not have");
  addAdoptOption(command);
}

export async function run(invocation: Invocation<KillFlags>): Promise<number> {
  const { context, flags, args } = invocation;
  const project = await loadProject(invocation);
  const { stack } = project;
  if (stack !== undefined) checkServices(stack, args);
  const engine = await connect(invocation);
  const choice = { services: args, oneoffs: true };
  const running = (await listProjectContainers(engine, project.name, choice, context.interrupts.stop)).filter(
    (container) =>
      (container.state === "running" || container.state === "paused") &&
      (stack === undefined ||
        flags.removeOrphans === true ||
        container.service in stack.services ||
        args.length > 0),
  );
  if (running.length === 0) note(invocation, "no container to kill");
  await checkOwner(invocation, stack, running);
  await actOnContainers(invocation, running, {
    verb: "kill",
    words: { during: "Killing", after: "Killed" },
    run: (container) => engine.killContainer(container.id, { killSignal: flags.signal }),
  });
  engine.close();
  return EXIT_OK;
}
