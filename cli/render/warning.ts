/** Warnings of the planner in words. */
import type { PlanWarning } from "../../engine/plan/operation.ts";

export function renderWarning(warning: PlanWarning): string {
  return `warning: ${describeWarning(warning)}`;
}

function describeWarning(warning: PlanWarning): string {
  const names = (warning.names ?? []).join(", ");
  const resource =
    warning.resource === undefined ? "" : `${warning.resource.type} "${warning.resource.name}"`;
  const detail = warning.detail === undefined ? "" : `: ${warning.detail}`;
  switch (warning.code) {
    case "orphans":
      return `containers of services that are not in the stack: ${names || resource} (remove them with --remove-orphans)`;
    case "foreign-resource":
      return `${resource} exists but was not made for this stack; it is used as it is${warning.detail === undefined ? "" : ` (it belongs to project "${warning.detail}")`}`;
    case "ignored-attribute":
      return `${[resource, names].filter((part) => part !== "").join(" ")} has no effect here${detail}`;
    case "optional-dependency":
      return `optional dependency ${names || resource} is not ready; going on without it${detail}`;
    default:
      return warning.code satisfies never;
  }
}
