/** `down`: stops and removes what belongs to the project; works from labels where there is no stack file. */
import type { Command } from "commander";
import { planDown } from "../../engine/plan/down.ts";
import type { DownPolicy } from "../../engine/plan/policy.ts";
import { prepareProject } from "../../engine/session/lifecycle.ts";
import type { Invocation } from "../command.ts";
import { EXIT_OK } from "../exit.ts";
import { parseWhole } from "../options.ts";
import { carryOut, concludeReport, settleDecisions, warn, withSession } from "../session.ts";
import { checkServices, loadProject, stackEnvironment } from "../stack.ts";
import { isTrue } from "../up-flags.ts";
import { note } from "../note.ts";

interface DownFlags {
  readonly adopt?: boolean;
  readonly removeOrphans?: boolean;
  readonly rmi?: "local" | "all";
  readonly timeout?: number;
  readonly volumes?: boolean;
}

export function configure(command: Command): void {
  command
    .argument("[service...]", "only these services")
    .option("--remove-orphans", "also containers of services that the stack does not have")
    .addOption(
      command
        .createOption("--rmi <which>", "also images: those without a name of their own, or all")
        .choices(["local", "all"]),
    )
    .option(
      "-t, --timeout <seconds>",
      "time that a container gets to stop by itself",
      parseWhole("--timeout"),
    )
    .option("-v, --volumes", "also the project's named volumes and its anonymous ones: their data is lost")
    .option("--no-wait-lock", "refuse, rather than wait, while another run works on the project")
    .option("--adopt", "also what comes from another directory under this project's name");
}

export async function run(invocation: Invocation<DownFlags>): Promise<number> {
  const { context, flags, globals, args } = invocation;
  const project = await loadProject(invocation);
  if (project.stack !== undefined) checkServices(project.stack, args);
  const env = stackEnvironment(invocation, project.stack);
  return withSession(invocation, project.stack, async (session) => {
    await session.lock.take(project.name);
    const { desired, observed } = await prepareProject(session.engine, project, {
      signal: context.interrupts.stop,
    });
    const policy: DownPolicy = {
      ...(args.length === 0 ? {} : { services: args }),
      removeOrphans: flags.removeOrphans ?? isTrue(env["COMPOSE_REMOVE_ORPHANS"]),
      volumes: flags.volumes === true,
      ...(flags.rmi === undefined ? {} : { images: flags.rmi }),
      ...(flags.timeout === undefined ? {} : { timeoutSeconds: flags.timeout }),
      adopt: flags.adopt === true,
    };
    const plan = (answers?: Readonly<Record<string, boolean>>) =>
      planDown(desired, observed, answers === undefined ? policy : { ...policy, answers });
    if (globals.dryRun === true) {
      const { printChanges } = await import("../print-changes.ts");
      return printChanges(plan(), invocation);
    }
    const result = await settleDecisions(plan, invocation, false);
    warn(session, result.warnings);
    if (result.plan.operations.length === 0) {
      note(invocation, `warning: there is nothing to remove for project "${project.name}"`);
      return EXIT_OK;
    }
    return concludeReport(session, result.plan, await carryOut(session, result.plan));
  });
}
