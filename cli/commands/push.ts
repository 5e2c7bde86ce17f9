/** `push`: sends images that services build to their registries. */
import type { Command } from "commander";
import { planPushes } from "../../engine/plan/builds.ts";
import type { Invocation } from "../command.ts";
import { EXIT_OK } from "../exit.ts";
import { printChanges } from "../print-changes.ts";
import { carryOut, concludeReport, withSession } from "../session.ts";
import { loadStack } from "../stack.ts";

interface PushFlags {
  readonly ignorePushFailures?: boolean;
  readonly includeDeps?: boolean;
  readonly quiet?: boolean;
}

export function configure(command: Command): void {
  command
    .argument("[service...]", "only images of these services")
    .option("--ignore-push-failures", "go on when an image cannot be pushed")
    .option("--include-deps", "also images of what the services depend on")
    .option("-q, --quiet", "no progress");
}

export async function run(invocation: Invocation<PushFlags>): Promise<number> {
  const { context, flags, args, globals } = invocation;
  const stack = await loadStack(invocation, {
    services: args,
    noDependencies: flags.includeDeps !== true,
    skip: { environmentResolution: true },
  });
  const plan = planPushes(stack, { ignoreFailures: flags.ignorePushFailures === true });
  if (plan.operations.length === 0) {
    if (flags.quiet !== true) {
      context.stderr.write("warning: no service builds an image with a name to push\n");
    }
    return EXIT_OK;
  }
  if (globals.dryRun === true) return printChanges({ plan }, invocation);
  const quiet = flags.quiet === true ? { globals: { ...globals, progress: "quiet" as const } } : {};
  return withSession({ ...invocation, ...quiet }, stack, async (session) =>
    concludeReport(session, plan, await carryOut(session, plan)),
  );
}
