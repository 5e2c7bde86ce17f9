/** `pull`: brings the images of services to the engine. */
import type { Command } from "commander";
import { planPullImages } from "../../engine/session/images.ts";
import { prepareUp } from "../../engine/session/prepare.ts";
import type { Invocation } from "../command.ts";
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
}

export async function run(invocation: Invocation<PullFlags>): Promise<number> {
  const { context, flags, args } = invocation;
  const stack = await loadStack(invocation, { services: args, noDependencies: flags.includeDeps !== true });
  const quiet =
    flags.quiet === true ? { globals: { ...invocation.globals, progress: "quiet" as const } } : {};
  return withSession({ ...invocation, ...quiet }, stack, async (session) => {
    const { desired, observed } = await prepareUp(session.engine, stack, { signal: context.interrupts.stop });
    const plan = planPullImages(desired, observed, {
      always: flags.policy !== "missing",
      ignoreBuildable: flags.ignoreBuildable === true,
      ignoreFailures: flags.ignorePullFailures === true,
    });
    return concludeReport(session, plan, await carryOut(session, plan));
  });
}
