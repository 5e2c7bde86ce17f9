/** Carries an `up` out; containers that turn out to be beyond starting, or gone, are replaced in a second plan. */
import type { ExecutionReport } from "../engine/execute/model.ts";
import type { Plan } from "../engine/plan/operation.ts";
import type { UpPolicy } from "../engine/plan/policy.ts";
import type { PreparedUp } from "../engine/session/prepare.ts";
import { carryOut, settleDecisions, warn, type Session } from "./session.ts";

export interface CarriedOut {
  /** The one that `report` is about. */
  readonly plan: Plan;
  readonly report: ExecutionReport;
}

export interface Replanning {
  readonly prepare: (policy: Pick<UpPolicy, "unstartable">) => Promise<PreparedUp>;
  /** Answers to questions, as `--yes` gives them. */
  readonly consent: boolean;
}

/**
 * An engine that was interrupted while it started a container may never start it again, and shows that only when it is
 * asked to; a killed run's last request may remove a container only after this run has looked. One second plan, made
 * from what is there now, replaces such containers and goes on with the rest.
 */
export async function carryOutUp(
  session: Session,
  plan: Plan,
  { prepare, consent }: Replanning,
): Promise<CarriedOut> {
  const report = await carryOut(session, plan);
  const unstartable = failedContainers(plan, report, "unstartable");
  const vanished = failedContainers(plan, report, "vanished");
  if (report.outcome !== "failed" || unstartable.size + vanished.size === 0) return { plan, report };
  // Given back with the first plan; the second one, too, must be made from what nobody else is changing.
  await session.lock.take(plan.project);
  const prepared = await prepare({ unstartable });
  const again = await settleDecisions(prepared.plan, session.invocation, consent);
  warn(session, again.warnings);
  return { plan: again.plan, report: await carryOut(session, again.plan) };
}

function failedContainers(
  plan: Plan,
  { results }: ExecutionReport,
  code: "unstartable" | "vanished",
): ReadonlySet<string> {
  const failed = plan.operations.filter(({ id }) => results.get(id)?.error?.code === code);
  return new Set(failed.map(({ resource }) => resource.name));
}
