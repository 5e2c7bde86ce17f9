/** `pull`: brings the images of services to the engine. */
import type { Command } from "commander";
import { imageOf } from "../../engine/observe/image-of.ts";
import { planPulls } from "../../engine/plan/pulls.ts";
import { observeStack } from "../../engine/session/prepare.ts";
import type { Invocation } from "../command.ts";
import { printChanges } from "../print-changes.ts";
import { carryOut, concludeReport, withSession } from "../session.ts";
import { loadStack } from "../stack.ts";

interface PullFlags {
  readonly ignoreBuildable?: boolean;
  readonly ignorePullFailures?: boolean;
  readonly includeDeps?: boolean;
  readonly policy?: "missing" | "always";
  readonly quiet?: boolean;
}

export function configure(command: Command): void {
  command
    .argument("[service...]", "only images of these services")
    .option("--ignore-buildable", "leave out what can be built")
    .option("--ignore-pull-failures", "go on when an image cannot be pulled")
    .option("--include-deps", "also images of what the services depend on")
    .addOption(
      command.createOption("--policy <when>", "also pull what is present?").choices(["missing", "always"]),
    )
    .option("-q, --quiet", "no progress");
  for (const old of ["--parallel", "--no-parallel"]) {
    command.addOption(command.createOption(old).hideHelp());
  }
}

export async function run(invocation: Invocation<PullFlags>): Promise<number> {
  const { context, flags, args, globals } = invocation;
  const stack = await loadStack(invocation, {
    services: args,
    noDependencies: flags.includeDeps !== true,
    // What containers get is not needed to pull their images.
    skip: { environmentResolution: true },
  });
  const quiet = flags.quiet === true ? { globals: { ...globals, progress: "quiet" as const } } : {};
  return withSession({ ...invocation, ...quiet }, stack, async (session) => {
    const observed = await observeStack(session.engine, stack, { signal: context.interrupts.stop });
    const plan = planPulls(stack, (image) => imageOf(observed, image) !== undefined, {
      ...(flags.policy === undefined ? {} : { policy: flags.policy }),
      ignoreBuildable: flags.ignoreBuildable === true,
      ignoreFailures: flags.ignorePullFailures === true,
    });
    if (globals.dryRun === true) return printChanges({ plan }, invocation);
    return concludeReport(session, plan, await carryOut(session, plan));
  });
}
