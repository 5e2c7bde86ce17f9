/** `unpause`: lets frozen containers go on. */
import type { Command } from "commander";
import { actOnContainers } from "../actions.ts";
import type { Invocation } from "../command.ts";
import { listProjectContainers } from "../containers.ts";
import { EXIT_OK } from "../exit.ts";
import { addAdoptOption, checkOwner, type OwnerFlags } from "../owner.ts";
import { checkServices, connect, loadProject } from "../stack.ts";

export function configure(command: Command): void {
  command.argument("[service...]", "only containers of these services");
  addAdoptOption(command);
}

export async function run(invocation: Invocation<OwnerFlags>): Promise<number> {
  const { context, args } = invocation;
  const project = await loadProject(invocation);
  if (project.stack !== undefined) checkServices(project.stack, args);
  const engine = await connect(invocation);
  const containers = await listProjectContainers(
    engine,
    project.name,
    { services: args },
    context.interrupts.stop,
  );
  await checkOwner(invocation, project.stack, containers);
  await actOnContainers(
    invocation,
    containers.filter((container) => container.state === "paused"),
    {
      verb: "unpause",
      words: { during: "", after: "Unpaused" },
      run: (container) => engine.unpauseContainer(container.id),
    },
  );
  engine.close();
  return EXIT_OK;
}
