/** `build`: builds the images of services. */
import type { Command } from "commander";
import { RefusedError, UsageError } from "../../engine/error.ts";
import { planBuilds } from "../../engine/plan/builds.ts";
import { parseBytes } from "../../schema/quantity.ts";
import { withBuildChanges, type BuildChanges } from "../build-flags.ts";
import type { Invocation } from "../command.ts";
import { EXIT_OK } from "../exit.ts";
import { collect } from "../options.ts";
import { printChanges } from "../print-changes.ts";
import { carryOut, concludeReport, withSession } from "../session.ts";
import { loadStack } from "../stack.ts";

interface BuildFlags extends BuildChanges {
  readonly builder?: string;
  readonly cache?: boolean;
  readonly check?: boolean;
  readonly memory?: string;
  readonly print?: boolean;
  readonly pull?: boolean;
  readonly push?: boolean;
  readonly quiet?: boolean;
  readonly withDependencies?: boolean;
}

export function configure(command: Command): void {
  command
    .argument("[service...]", "only images of these services")
    .option("--build-arg <KEY=value>", "argument for the build, over those of the stack; repeatable", collect)
    .option("--builder <name>", 'builder to use; the engine has one, "default"')
    .option("--check", "check the Dockerfiles, build nothing")
    .option("-m, --memory <bytes>", "memory of build containers, e.g. 512m; BuildKit knows no such limit")
    .option("--no-cache", "use nothing of earlier builds")
    .option("--print", "print the builds as a bake file, build nothing")
    .option("--provenance <value>", "attestation of how the image was made")
    .option("--pull", "look for newer base images")
    .option("--push", "push what was built")
    .option("-q, --quiet", "no progress")
    .option("--sbom <value>", "attestation of what the image holds")
    .option("--ssh <agents>", "ssh agents for the build: default, or id=socket")
    .option("--with-dependencies", "also images of what the services depend on");
  for (const old of ["--compress", "--force-rm", "--no-rm", "--parallel"]) {
    command.addOption(command.createOption(old).hideHelp());
  }
}

export async function run(invocation: Invocation<BuildFlags>): Promise<number> {
  const { context, flags, args, globals } = invocation;
  checkBuilder(flags.builder);
  const loaded = await loadStack(invocation, {
    services: args,
    noDependencies: flags.withDependencies !== true,
    // What containers get is not needed to build their images.
    skip: { environmentResolution: true },
  });
  const stack = withBuildChanges(loaded, flags);
  const plan = planBuilds(stack, {
    ...(flags.cache === false ? { noCache: true } : {}),
    ...(flags.pull === true ? { pull: true } : {}),
    ...(flags.push === true ? { push: true } : {}),
    ...(flags.memory === undefined ? {} : { memory: memoryBytes(flags.memory) }),
  });
  if (flags.print === true) {
    const { toBakeFile } = await import("../../engine/build/bake.ts");
    context.stdout.write(`${JSON.stringify(toBakeFile(plan, stack), undefined, 2)}\n`);
    return EXIT_OK;
  }
  if (plan.operations.length === 0) {
    context.stderr.write("warning: no service has anything to build\n");
    return EXIT_OK;
  }
  if (flags.check === true) {
    const { checkDockerfiles } = await import("../check-dockerfiles.ts");
    return checkDockerfiles(invocation, stack, plan);
  }
  if (globals.dryRun === true) return printChanges({ plan }, invocation);
  const quiet = flags.quiet === true ? { globals: { ...globals, progress: "quiet" as const } } : {};
  return withSession({ ...invocation, ...quiet }, stack, async (session) =>
    concludeReport(session, plan, await carryOut(session, plan)),
  );
}

/** The engine has one builder; others are programs and containers of their own. */
function checkBuilder(name: string | undefined): void {
  if (name === undefined || name === "" || name === "default") return;
  throw new RefusedError(`--builder: there is no builder "${name}": tcompose builds on the engine itself`, {
    hint: "leave the flag out, or choose the engine with --host or --context",
  });
}

function memoryBytes(text: string): number {
  const bytes = parseBytes(text);
  if (bytes === undefined) throw new UsageError(`--memory: "${text}" is not a size`, { hint: "e.g. 512m" });
  return bytes;
}
