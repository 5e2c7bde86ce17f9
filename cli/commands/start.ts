/** `start`: starts containers that are there, dependencies first. */
import type { Command } from "commander";
import { UsageError } from "../../engine/error.ts";
import { planStart } from "../../engine/plan/lifecycle.ts";
import { prepareUp } from "../../engine/session/prepare.ts";
import type { Invocation } from "../command.ts";
import { parseWhole } from "../options.ts";
import { addAdoptOption, checkOwner, type OwnerFlags } from "../owner.ts";
import { printChanges } from "../print-changes.ts";
import { carryOut, concludeReport, withSession } from "../session.ts";
import { checkServices, loadStack } from "../stack.ts";

interface StartFlags extends OwnerFlags {
  readonly wait?: boolean;
  readonly waitTimeout?: number;
}

export function configure(command: Command): void {
  addAdoptOption(command);
  command
    .argument("[service...]", "only these services")
    .option("--wait", "wait until everything runs and is healthy")
    .option("--wait-timeout <seconds>", "wait no longer than this", parseWhole("--wait-timeout"));
}

export async function run(invocation: Invocation<StartFlags>): Promise<number> {
  const { context, flags, globals, args } = invocation;
  const stack = await loadStack(invocation);
  checkServices(stack, args);
  return withSession(invocation, stack, async (session) => {
    await session.lock.take(stack.name);
    const { desired, observed } = await prepareUp(session.engine, stack, { signal: context.interrupts.stop });
    for (const { name, replicas } of desired.services) {
      if (replicas === 0 || (args.length > 0 && !args.includes(name))) continue;
      if (!observed.containers.some(({ service, oneoff }) => service === name && !oneoff)) {
        throw new UsageError(`service "${name}" has no container to start`, {
          hint: "create it with: tcompose up -d",
        });
      }
    }
    await checkOwner(invocation, stack, observed.containers);
    const result = planStart(desired, observed, {
      ...(args.length === 0 ? {} : { services: args }),
      wait: flags.wait === true,
      ...(flags.waitTimeout === undefined ? {} : { waitTimeoutMs: flags.waitTimeout * 1000 }),
    });
    if (globals.dryRun === true) return printChanges(result, invocation);
    return concludeReport(session, result.plan, await carryOut(session, result.plan));
  });
}
