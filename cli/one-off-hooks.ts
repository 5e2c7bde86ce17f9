/** `post_start` hooks of a container that `run` started, beside the output of its command. */
import { planOneOffHooks } from "../engine/session/one-off.ts";
import { applyPlan } from "../engine/session/apply.ts";
import type { DesiredService } from "../engine/desired/model.ts";
import { palette } from "./render/color.ts";
import { renderFailures } from "./render/report.ts";
import type { Session } from "./session.ts";
import { wantsColor } from "./terminal.ts";

/**
 * Runs them one after the other. Answers what failed, as text; a command that ended before its hooks did is no failure.
 * @param signal aborts when the command has ended
 */
export async function runStartHooks(
  { engine, stack, invocation }: Session,
  service: DesiredService,
  container: { readonly id: string; readonly name: string },
  signal: AbortSignal,
): Promise<string | undefined> {
  const plan = planOneOffHooks(stack?.name ?? "", service, container.name);
  if (plan.operations.length === 0) return undefined;
  const report = await applyPlan(plan, { engine, stack, signal });
  if (report.outcome !== "failed" || signal.aborted) return undefined;
  const { context } = invocation;
  const isRunning = await engine.inspectContainer(container.id).then(
    ({ State }) => State.Running,
    () => false,
  );
  return isRunning ? renderFailures(plan, report, palette(wantsColor(context.stderr, context))) : undefined;
}
