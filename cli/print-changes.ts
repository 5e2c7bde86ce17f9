/** `--dry-run` of commands without a stack to point into: the plan on standard output. */
import type { PlanResult } from "../engine/plan/operation.ts";
import type { Invocation } from "./command.ts";
import { EXIT_OK } from "./exit.ts";
import { palette } from "./render/color.ts";
import { renderPlan } from "./render/plan.ts";
import { decideColor } from "./terminal.ts";

export function printChanges(
  { plan }: Pick<PlanResult, "plan">,
  { context, globals }: Invocation<unknown>,
): number {
  const colors = palette(decideColor(context.stdout.isTTY, { flag: globals.ansi, env: context.env }));
  context.stdout.write(renderPlan(plan, { colors, width: context.stdout.columns() }));
  return EXIT_OK;
}
