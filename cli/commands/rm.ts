/** `rm`: removes containers that do not run. */
import type { Command } from "commander";
import { RefusedError } from "../../engine/error.ts";
import { planRemove } from "../../engine/plan/lifecycle.ts";
import { prepareProject } from "../../engine/session/lifecycle.ts";
import type { Invocation } from "../command.ts";
import { askYesNo } from "../decisions.ts";
import { EXIT_OK } from "../exit.ts";
import { addAdoptOption, checkOwner, type OwnerFlags } from "../owner.ts";
import { printChanges } from "../print-changes.ts";
import { carryOut, concludeReport, withSession } from "../session.ts";
import { checkServices, loadProject } from "../stack.ts";
import { note } from "../note.ts";

interface RmFlags extends OwnerFlags {
  readonly force?: boolean;
  readonly stop?: boolean;
  readonly volumes?: boolean;
}

const EXIT_DECLINED = 130;

export function configure(command: Command): void {
  addAdoptOption(command);
  command
    .argument("[service...]", "only these services")
    .option("-f, --force", "do not ask")
    .option("-s, --stop", "stop containers that run, and remove them too")
    .option("-v, --volumes", "also their anonymous volumes");
}

export async function run(invocation: Invocation<RmFlags>): Promise<number> {
  const { context, flags, globals, args } = invocation;
  const project = await loadProject(invocation);
  if (project.stack !== undefined) checkServices(project.stack, args);
  return withSession(invocation, project.stack, async (session) => {
    await session.lock.take(project.name);
    const { desired, observed } = await prepareProject(session.engine, project, {
      signal: context.interrupts.stop,
    });
    await checkOwner(invocation, project.stack, observed.containers);
    const result = planRemove(desired, observed, {
      ...(args.length === 0 ? {} : { services: args }),
      stop: flags.stop === true,
      volumes: flags.volumes === true,
    });
    if (globals.dryRun === true) return printChanges(result, invocation);
    const names = result.plan.changes.map(({ resource }) => resource.name);
    if (names.length === 0) {
      note(invocation, "No stopped containers");
      return EXIT_OK;
    }
    note(invocation, `Going to remove ${names.join(", ")}`);
    if (flags.force !== true) {
      if (!context.stdin.isTTY) {
        throw new RefusedError("removing containers needs a yes", {
          hint: "say --force to go on without a question",
        });
      }
      if (!(await askYesNo("Are you sure?", context))) return EXIT_DECLINED;
    }
    return concludeReport(session, result.plan, await carryOut(session, result.plan));
  });
}
