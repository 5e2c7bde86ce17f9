/** `build`: builds the images of services. */
import type { Command } from "commander";
import { planBuildImages } from "../../engine/session/images.ts";
import { prepareUp } from "../../engine/session/prepare.ts";
import type { Stack } from "../../schema/model.ts";
import type { Invocation } from "../command.ts";
import { EXIT_OK } from "../exit.ts";
import { collect } from "../options.ts";
import { carryOut, concludeReport, withSession } from "../session.ts";
import { loadStack } from "../stack.ts";

interface BuildFlags {
  readonly buildArg?: readonly string[];
  readonly cache?: boolean;
  readonly pull?: boolean;
  readonly quiet?: boolean;
  readonly withDependencies?: boolean;
}

export function configure(command: Command): void {
  command
    .argument("[service...]", "only images of these services")
    .option("--build-arg <KEY=value>", "argument for the build, over those of the stack; repeatable", collect)
    .option("--no-cache", "use nothing of earlier builds")
    .option("--pull", "look for newer base images")
    .option("-q, --quiet", "no progress")
    .option("--with-dependencies", "also images of what the services depend on");
}

export async function run(invocation: Invocation<BuildFlags>): Promise<number> {
  const { context, flags, args } = invocation;
  const loaded = await loadStack(invocation, {
    services: args,
    noDependencies: flags.withDependencies !== true,
  });
  const stack = withBuildArguments(loaded, flags.buildArg ?? []);
  const quiet =
    flags.quiet === true ? { globals: { ...invocation.globals, progress: "quiet" as const } } : {};
  return withSession({ ...invocation, ...quiet }, stack, async (session) => {
    const { desired, observed } = await prepareUp(session.engine, stack, { signal: context.interrupts.stop });
    const plan = planBuildImages(desired, observed, {
      noCache: flags.cache === false,
      pull: flags.pull === true,
    });
    if (plan.operations.length === 0) {
      context.stderr.write("warning: no service has anything to build\n");
      return EXIT_OK;
    }
    return concludeReport(session, plan, await carryOut(session, plan));
  });
}

/** `KEY` alone takes its value from the environment. */
export function withBuildArguments(stack: Stack, args: readonly string[]): Stack {
  if (args.length === 0) return stack;
  const given = Object.fromEntries(
    args.map((arg) => {
      const equals = arg.indexOf("=");
      return equals === -1
        ? [arg, stack.environment[arg] ?? null]
        : [arg.slice(0, equals), arg.slice(equals + 1)];
    }),
  ) as Readonly<Record<string, string | null>>;
  const services = Object.fromEntries(
    Object.entries(stack.services).map(([name, service]) => [
      name,
      service.build === undefined
        ? service
        : { ...service, build: { ...service.build, args: { ...service.build.args, ...given } } },
    ]),
  );
  return { ...stack, services, locate: (path) => stack.locate(path) };
}
