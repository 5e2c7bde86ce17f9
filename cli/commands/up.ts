/** `up`: brings the engine to what the stack declares, and in the foreground follows what runs. */
import type { Command, Option } from "commander";
import { UsageError } from "../../engine/error.ts";
import type { UpPolicy } from "../../engine/plan/policy.ts";
import { prepareUp, type PreparedUp } from "../../engine/session/prepare.ts";
import { carryOutUp, type CarriedOut } from "../carry-out-up.ts";
import type { Invocation } from "../command.ts";
import { EXIT_OK } from "../exit.ts";
import { collect, parseWhole } from "../options.ts";
import { concludeReport, settleDecisions, warn, withSession } from "../session.ts";
import { isLocalEngine, loadStack, stackEnvironment } from "../stack.ts";
import {
  addPlanningOptions,
  checkPlanningFlags,
  parseScale,
  policyOf,
  type PlanningFlags,
} from "../up-flags.ts";

export interface UpFlags extends PlanningFlags {
  readonly abortOnContainerExit?: boolean;
  readonly abortOnContainerFailure?: boolean;
  readonly attach?: readonly string[];
  readonly attachDependencies?: boolean;
  readonly color?: boolean;
  readonly detach?: boolean;
  readonly exitCodeFrom?: string;
  readonly logPrefix?: boolean;
  /** Also set by `--no-menu`. */
  readonly menu?: boolean;
  readonly noAttach?: readonly string[];
  readonly plan?: string;
  readonly timestamps?: boolean;
  readonly watch?: boolean;
}

export function configure(command: Command): void {
  addPlanningOptions(command);
  command
    .option("-d, --detach", "start in the background")
    .option("--no-wait-lock", "refuse, rather than wait, while another run works on the project")
    .option("--plan <file>", "carry out exactly this plan, made by `plan --out`")
    .option("--wait", "start in the background and wait until everything runs and is healthy")
    .option("--wait-timeout <seconds>", "wait no longer than this", parseWhole("--wait-timeout"))
    .option("--no-start", "create containers, start none")
    .option("--abort-on-container-exit", "stop everything when a container ends")
    .option("--abort-on-container-failure", "stop everything when a container ends with an error")
    .option("--exit-code-from <service>", "stop everything when a container ends; exit code of this service")
    .option("--attach <service>", "show output of this service only; repeatable", collect)
    .addOption(noAttachOption(command))
    .option("--attach-dependencies", "also show output of what the named services depend on")
    .option("--no-color", "no colours in the output of containers")
    .option("--no-log-prefix", "output of containers without their names")
    .option("--menu", "keys while it runs, on a terminal (the default; COMPOSE_MENU)")
    .option("--no-menu", "no keys but Ctrl-C")
    .option("--timestamps", "show when each line was written")
    .option("-w, --watch", "keep the containers equal to the files on the host while it runs")
    .option("--quiet-pull", "no progress of pulls")
    .option("--quiet-build", "no output of builds");
}

/** A list of its own; commander would take it for the negation of `--attach`. */
function noAttachOption(command: Command): Option {
  const option = command.createOption(
    "--no-attach <service>",
    "do not show output of this service; repeatable",
  );
  option.negate = false;
  return option.argParser(collect);
}

export async function run(invocation: Invocation<UpFlags>): Promise<number> {
  const { context, flags, globals, args } = invocation;
  checkFlags(flags, context.argv, args);
  const stack = await loadStack(invocation, {
    services: args,
    noDependencies: flags.deps === false,
    checkPaths: isLocalEngine(invocation),
  });
  if (Object.keys(stack.services).length === 0 && globals.allResources !== true) {
    throw new UsageError("no service is selected", {
      hint: "name a service, or activate a profile with --profile",
    });
  }
  if ([flags.attach, flags.noAttach, flags.exitCodeFrom].some((name) => name !== undefined)) {
    const { checkAttachFlags } = await import("../attach-set.ts");
    checkAttachFlags(stack, flags);
  }
  const scale = parseScale(flags.scale ?? []);
  return withSession(invocation, stack, async (session) => {
    if (globals.dryRun !== true) await session.lock.take(stack.name);
    if (flags.plan !== undefined) {
      const { runPlanFile } = await import("../plan-file.ts");
      return runPlanFile(session, flags.plan, { stack, flags, isDetached: isDetached(flags) });
    }
    const policy = policyOf(flags, args, stackEnvironment(invocation, stack));
    const prepare = (more: Pick<UpPolicy, "unstartable">): Promise<PreparedUp> =>
      prepareUp(session.engine, stack, {
        policy: { ...policy, ...more },
        scale,
        signal: context.interrupts.stop,
      });
    const prepared = await prepare({});
    if (globals.dryRun === true) {
      const { printPlan } = await import("./plan.ts");
      printPlan(prepared.plan(), stack, invocation);
      return EXIT_OK;
    }
    const result = await settleDecisions(prepared.plan, invocation, flags.yes === true);
    warn(session, result.warnings);
    const carry = (): Promise<CarriedOut> =>
      carryOutUp(session, result.plan, { prepare, consent: flags.yes === true });
    if (isDetached(flags)) {
      const { plan, report } = await carry();
      return concludeReport(session, plan, report);
    }
    const { runAttached } = await import("../attached.ts");
    return runAttached(session, carry, { stack, flags, services: args });
  });
}

function isDetached(flags: UpFlags): boolean {
  return flags.detach === true || flags.wait === true || flags.start === false;
}

function checkFlags(flags: UpFlags, argv: readonly string[], services: readonly string[]): void {
  checkPlanningFlags(flags, argv);
  const attaching = [
    [flags.abortOnContainerExit, "--abort-on-container-exit"],
    [flags.abortOnContainerFailure, "--abort-on-container-failure"],
    [flags.exitCodeFrom, "--exit-code-from"],
    [flags.attach, "--attach"],
    [flags.attachDependencies, "--attach-dependencies"],
    [flags.watch, "--watch"],
  ] as const;
  const background = [
    [flags.detach, "--detach"],
    [flags.wait, "--wait"],
    [flags.start === false, "--no-start"],
  ] as const;
  for (const [isSet, name] of background) {
    const other =
      isSet === true ? attaching.find(([value]) => value !== undefined && value !== false) : undefined;
    if (other !== undefined) throw new UsageError(`${name} and ${other[1]} contradict each other`);
  }
  if (flags.watch === true && flags.build === false)
    throw new UsageError("--watch and --no-build contradict each other");
  if (flags.plan !== undefined && services.length > 0) {
    throw new UsageError("--plan says what is done: services cannot be named beside it");
  }
  if (flags.abortOnContainerExit === true && flags.abortOnContainerFailure === true) {
    throw new UsageError("--abort-on-container-exit and --abort-on-container-failure contradict each other");
  }
}
