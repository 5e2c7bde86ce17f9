/** `watch`: brings the stack up in the background, then keeps its containers equal to the files on the host. */
import type { Command } from "commander";
import { prepareUp } from "../../engine/session/prepare.ts";
import type { UpPolicy } from "../../engine/plan/policy.ts";
import type { Invocation } from "../command.ts";
import { EXIT_OK } from "../exit.ts";
import { carryOut, concludeReport, settleDecisions, warn, withSession } from "../session.ts";
import { loadStack } from "../stack.ts";
import { openWatching } from "../watching.ts";

interface WatchFlags {
  readonly adopt?: boolean;
  /** `--no-up` */
  readonly up?: boolean;
  readonly quiet?: boolean;
  /** `--no-prune` */
  readonly prune?: boolean;
}

export function configure(command: Command): void {
  command
    .argument("[service...]", "watch these services only")
    .option("--adopt", "take over containers of this project that come from another directory")
    .option("--no-up", "do not create or start anything first")
    .option("--prune", "remove images that a rebuild leaves without a name (default)")
    .option("--no-prune", "keep them")
    .option("--quiet", "say nothing but failures");
}

export async function run(invocation: Invocation<WatchFlags>): Promise<number> {
  const { context, flags, globals, args } = invocation;
  const { stop } = context.interrupts;
  const stack = await loadStack(invocation, { services: args });
  return withSession(invocation, stack, async (session) => {
    const policy: UpPolicy = {
      services: args,
      recreateDependencies: "never",
      adopt: flags.adopt === true,
    };
    const watching = await openWatching(session, {
      stack,
      services: args,
      policy,
      quiet: flags.quiet === true,
      prune: flags.prune !== false,
      restore: flags.up !== false,
      isBuilt: flags.up !== false,
    });
    if (flags.up !== false) {
      const prepared = await prepareUp(session.engine, stack, {
        policy: { ...policy, build: "always" },
        signal: stop,
      });
      const { plan, warnings } = await settleDecisions(prepared.plan, invocation, false);
      warn(session, warnings);
      const report = await carryOut(session, plan);
      if (report.outcome !== "succeeded") return concludeReport(session, plan, report);
    }
    if (globals.dryRun === true) return EXIT_OK;
    await watching.run(stop);
    return context.interrupts.exitCode() ?? EXIT_OK;
  });
}
