/** `up --plan FILE`: carries a kept plan out, or refuses when the engine is not as it was. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { UsageError } from "../engine/error.ts";
import { checkPlanFile, parsePlanFile, type PlanFile } from "../engine/session/plan-file.ts";
import type { Stack } from "../schema/model.ts";
import type { CarriedOut } from "./carry-out-up.ts";
import type { UpFlags } from "./commands/up.ts";
import { EXIT_OK } from "./exit.ts";
import { carryOut, concludeReport, type Session } from "./session.ts";

export interface PlanFileRun {
  readonly stack: Stack;
  readonly flags: UpFlags;
  readonly isDetached: boolean;
}

export async function runPlanFile(
  session: Session,
  path: string,
  { stack, flags, isDetached }: PlanFileRun,
): Promise<number> {
  const { context, globals } = session.invocation;
  const file = parsePlanFile(readText(path, context.cwd), path);
  await checkPlanFile(session.engine, file, stack.name, { signal: context.interrupts.stop });
  const result = { plan: file.plan, decisions: [], warnings: [] };
  if (globals.dryRun === true) {
    const { printPlan } = await import("./commands/plan.ts");
    printPlan(result, stack, { ...session.invocation, flags: {} });
    return EXIT_OK;
  }
  // Exactly this plan: what it cannot start is told, not replaced.
  const carry = async (): Promise<CarriedOut> => ({
    plan: file.plan,
    report: await carryOut(session, file.plan),
  });
  if (isDetached) return concludeReport(session, file.plan, (await carry()).report);
  const { runAttached } = await import("./attached.ts");
  return runAttached(session, carry, { stack, flags, services: servicesOf(file) });
}

function servicesOf({ plan }: PlanFile): string[] {
  return [...new Set(plan.changes.flatMap(({ resource }) => resource.service ?? []))];
}

function readText(path: string, cwd: string): string {
  try {
    return readFileSync(resolve(cwd, path), "utf8");
  } catch (error) {
    throw new UsageError(`cannot read ${path}: ${(error as Error).message}`, { cause: error });
  }
}
