/** How an execution failed, as text: each failure with what is known about it, and what was not begun because of it. */
import type { ErrorFacts } from "../../engine/error-facts.ts";
import type { ExecutionReport } from "../../engine/execute/model.ts";
import type { Plan, ResourceRef } from "../../engine/plan/operation.ts";
import { resourceTitle } from "../reporters/words.ts";
import type { Palette } from "./color.ts";
import { renderFailurePlace } from "./failure-place.ts";
import { count } from "./text.ts";

const MOST_DETAILS = 20;

/** Without a trailing newline. */
export function renderFailures(plan: Plan, report: ExecutionReport, colors: Palette): string {
  const failed = plan.operations.flatMap((operation) => {
    const result = report.results.get(operation.id);
    return result?.outcome === "failed" ? [{ resource: operation.resource, error: result.error }] : [];
  });
  const broken = new Set(failed.map(({ resource }) => resourceTitle(resource)));
  const blocked = namesWith(plan, report, "blocked").filter((title) => !broken.has(title));
  const lines =
    failed.length === 1 ? [] : [`${colors.red("error:")} ${count(failed.length, "operation")} failed`];
  for (const { resource, error } of failed)
    lines.push(...renderFailure(resource, error, failed.length === 1, colors));
  if (blocked.length > 0) lines.push(`not done because of that: ${blocked.join(", ")}`);
  return lines.join("\n");
}

function renderFailure(
  resource: ResourceRef,
  error: ErrorFacts | undefined,
  alone: boolean,
  colors: Palette,
): string[] {
  const title = resource.type === "service" ? `Service ${resource.name}` : resourceTitle(resource);
  const message = error?.message ?? "failed";
  // Many messages name what they are about.
  const text = message.includes(resource.name) ? message : `${title}: ${message}`;
  const lines = [alone ? `${colors.red("error:")} ${text}` : `  ${text}`];
  lines.push(...renderFailurePlace(error?.location, colors));
  for (const detail of (error?.details ?? []).slice(-MOST_DETAILS)) lines.push(`    | ${detail}`);
  if (error?.hint !== undefined) lines.push(`${alone ? "" : "    "}${colors.cyan("hint:")} ${error.hint}`);
  return lines;
}

/** Titles of the resources that were not touched at all, each once. */
function namesWith(plan: Plan, report: ExecutionReport, outcome: "blocked"): string[] {
  const titles = plan.operations
    .filter((operation) => report.results.get(operation.id)?.outcome === outcome)
    .filter((operation) => operation.resource.type !== "service")
    .map((operation) => resourceTitle(operation.resource));
  return [...new Set(titles)];
}
