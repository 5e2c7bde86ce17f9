/** `plan`: what `up` would do, and why. Changes nothing: what it calls cannot. */
import { chmodSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Command } from "commander";
import type { ReadOnlyEngine } from "../../engine/docker/api.ts";
import { RefusedError, UsageError } from "../../engine/error.ts";
import { hasWork, type PlanResult } from "../../engine/plan/operation.ts";
import { maskPlan } from "../../engine/plan/mask.ts";
import { prepareUp, type PreparedUp } from "../../engine/session/prepare.ts";
import type { Stack } from "../../schema/model.ts";
import type { Invocation } from "../command.ts";
import { EXIT_OK, EXIT_WORK } from "../exit.ts";
import { placeNamer, positionAdder } from "../plan-place.ts";
import { palette } from "../render/color.ts";
import { renderDecision, renderPlan } from "../render/plan.ts";
import { renderWarning } from "../render/warning.ts";
import { connect, isLocalEngine, loadStack, stackEnvironment } from "../stack.ts";
import { decideColor } from "../terminal.ts";
import {
  addPlanningOptions,
  checkPlanningFlags,
  parseScale,
  policyOf,
  type PlanningFlags,
} from "../up-flags.ts";

interface PlanFlags extends PlanningFlags {
  readonly exitCode?: boolean;
  readonly format?: "text" | "json";
  readonly out?: string;
  readonly showSecrets?: boolean;
}

export function configure(command: Command): void {
  addPlanningOptions(command);
  command
    .addOption(command.createOption("--format <format>", "form of the output").choices(["text", "json"]))
    .option("--exit-code", "end with 2 when there is something to do")
    .option("-o, --out <file>", "also write the plan to a file, for `up --plan`; it holds secrets")
    .option("--show-secrets", "do not mask values that look secret");
}

export async function run(invocation: Invocation<PlanFlags>): Promise<number> {
  const { context, flags, args } = invocation;
  checkPlanningFlags(flags, context.argv);
  const stack = await loadStack(invocation, {
    services: args,
    noDependencies: flags.deps === false,
    checkPaths: isLocalEngine(invocation),
  });
  const engine = await connect(invocation);
  const prepared = await prepare(engine, stack, invocation);
  const result = prepared.plan();
  engine.close();
  if (flags.out !== undefined) await writePlan(flags.out, result, prepared, invocation);
  printPlan(result, stack, invocation);
  return flags.exitCode === true && hasWork(result.plan) ? EXIT_WORK : EXIT_OK;
}

function prepare(
  engine: ReadOnlyEngine,
  stack: Stack,
  invocation: Invocation<PlanFlags>,
): Promise<PreparedUp> {
  const { context, flags, args } = invocation;
  return prepareUp(engine, stack, {
    policy: policyOf(flags, args, stackEnvironment(invocation, stack)),
    scale: parseScale(flags.scale ?? []),
    signal: context.interrupts.stop,
  });
}

/** Unlike what is printed, the file can be carried out: it has the values of secret variables, for its owner only. */
async function writePlan(
  path: string,
  { plan, decisions }: PlanResult,
  prepared: PreparedUp,
  { context }: Invocation<PlanFlags>,
): Promise<void> {
  const [open] = decisions;
  if (open !== undefined) {
    throw new RefusedError("a plan with open questions cannot be kept for later", {
      hint: `answer them: ${open.flag}`,
    });
  }
  const { toPlanFile } = await import("../../engine/session/plan-file.ts");
  const text = `${JSON.stringify(toPlanFile(plan, prepared), undefined, 2)}\n`;
  const file = resolve(context.cwd, path);
  try {
    writeFileSync(file, "", { mode: 0o600 });
    chmodSync(file, 0o600);
    writeFileSync(file, text);
  } catch (error) {
    throw new UsageError(`cannot write ${path}: ${(error as Error).message}`, { cause: error });
  }
}

/** The plan on standard output; what else there is to say about it on standard error. */
export function printPlan(
  result: PlanResult,
  stack: Stack,
  { context, flags, globals }: Invocation<PlanFlags>,
): void {
  const color = (isTTY: boolean): boolean => decideColor(isTTY, { flag: globals.ansi, env: context.env });
  const options = {
    colors: palette(color(context.stdout.isTTY)),
    place: placeNamer(stack.sources, context.cwd),
    reveal: flags.showSecrets === true,
    width: context.stdout.columns(),
  };
  if (flags.format === "json") {
    const { decisions, warnings } = result;
    const plan = flags.showSecrets === true ? result.plan : maskPlan(result.plan);
    const text = JSON.stringify({ ...plan, decisions, warnings }, positionAdder(stack.sources), 2);
    context.stdout.write(`${text}\n`);
    return;
  }
  // With an open question, nothing planned does not mean nothing to do.
  if (result.decisions.length === 0 || hasWork(result.plan))
    context.stdout.write(renderPlan(result.plan, options));
  const errorOptions = { ...options, colors: palette(color(context.stderr.isTTY)) };
  for (const warning of result.warnings) context.stderr.write(`${renderWarning(warning)}\n`);
  for (const decision of result.decisions) {
    context.stderr.write(
      `to be decided: ${renderDecision(decision, errorOptions)}\n    (${decision.flag})\n`,
    );
  }
}
