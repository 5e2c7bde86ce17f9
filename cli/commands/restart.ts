/** `restart`: stops containers and starts them again, in the order of dependencies. */
import type { Command } from "commander";
import { planRestart } from "../../engine/plan/lifecycle.ts";
import { prepareUp } from "../../engine/session/prepare.ts";
import type { Invocation } from "../command.ts";
import { parseWhole } from "../options.ts";
import { addAdoptOption, checkOwner, type OwnerFlags } from "../owner.ts";
import { printChanges } from "../print-changes.ts";
import { carryOut, concludeReport, withSession } from "../session.ts";
import { checkServices, loadStack } from "../stack.ts";

interface RestartFlags extends OwnerFlags {
  readonly deps?: boolean;
  readonly timeout?: number;
}

export function configure(command: Command): void {
  addAdoptOption(command);
  command
    .argument("[service...]", "only these services")
    .option("--no-deps", "leave alone what asks to be restarted along")
    .option(
      "-t, --timeout <seconds>",
      "time that a container gets to stop by itself",
      parseWhole("--timeout"),
    );
}

export async function run(invocation: Invocation<RestartFlags>): Promise<number> {
  const { context, flags, globals, args } = invocation;
  const stack = await loadStack(invocation);
  checkServices(stack, args);
  return withSession(invocation, stack, async (session) => {
    await session.lock.take(stack.name);
    const { desired, observed } = await prepareUp(session.engine, stack, { signal: context.interrupts.stop });
    await checkOwner(invocation, stack, observed.containers);
    const result = planRestart(desired, observed, {
      ...(args.length === 0 ? {} : { services: args }),
      ...(flags.timeout === undefined ? {} : { timeoutSeconds: flags.timeout }),
      noDependents: flags.deps === false,
    });
    if (globals.dryRun === true) return printChanges(result, invocation);
    return concludeReport(session, result.plan, await carryOut(session, result.plan));
  });
}
