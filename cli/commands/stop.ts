/** `stop`: stops running containers, dependants first. */
import type { Command } from "commander";
import { planStop } from "../../engine/plan/lifecycle.ts";
import { prepareProject } from "../../engine/session/lifecycle.ts";
import type { Invocation } from "../command.ts";
import { parseWhole } from "../options.ts";
import { addAdoptOption, checkOwner, type OwnerFlags } from "../owner.ts";
import { printChanges } from "../print-changes.ts";
import { carryOut, concludeReport, withSession } from "../session.ts";
import { checkServices, loadProject } from "../stack.ts";

interface StopFlags extends OwnerFlags {
  readonly timeout?: number;
}

export function configure(command: Command): void {
  addAdoptOption(command);
  command
    .argument("[service...]", "only these services")
    .option(
      "-t, --timeout <seconds>",
      "time that a container gets to stop by itself",
      parseWhole("--timeout"),
    );
}

export async function run(invocation: Invocation<StopFlags>): Promise<number> {
  const { context, flags, globals, args } = invocation;
  const project = await loadProject(invocation);
  if (project.stack !== undefined) checkServices(project.stack, args);
  return withSession(invocation, project.stack, async (session) => {
    await session.lock.take(project.name);
    const { desired, observed } = await prepareProject(session.engine, project, {
      signal: context.interrupts.stop,
    });
    await checkOwner(invocation, project.stack, observed.containers);
    const result = planStop(desired, observed, {
      ...(args.length === 0 ? {} : { services: args }),
      ...(flags.timeout === undefined ? {} : { timeoutSeconds: flags.timeout }),
    });
    if (globals.dryRun === true) return printChanges(result, invocation);
    return concludeReport(session, result.plan, await carryOut(session, result.plan));
  });
}
