/** A plan as compact text, one operation a line: what tests compare with, and what a bug report can carry. */
import type { Cause, Edge, Operation, Plan } from "./operation.ts";

/**
 * `<id> [details] (cause) <- <ids it waits for>`. An edge that only needs an end has a `?`, one that
 * needs a failure a `!`; a best-effort
 * operation a `~` in front; one that depends on what a build brings a `*`.
 */
export function planToText(plan: Plan): string {
  return plan.operations.map(operationToText).join("\n");
}

export function operationToText(operation: Operation): string {
  const marks = `${operation.bestEffort === true ? "~" : ""}${operation.onlyIf === undefined ? "" : "*"}`;
  const details = detailsOf(operation);
  const edges = operation.dependsOn.map(edgeToText).join(", ");
  return [
    `${marks}${operation.id}`,
    ...(details === "" ? [] : [`[${details}]`]),
    `(${causeToText(operation.cause)})`,
    ...(edges === "" ? [] : [`<- ${edges}`]),
  ].join(" ");
}

function edgeToText({ on, when }: Edge): string {
  if (when === "failed") return `${on}!`;
  return when === "settled" ? `${on}?` : on;
}

function detailsOf(operation: Operation): string {
  switch (operation.kind) {
    case "container.create":
      return operation.id.endsWith(`:${operation.name}`) ? "" : `as ${operation.name}`;
    case "container.rename":
      return `from ${operation.container}`;
    case "ready.wait":
      return operation.containers.join(" ");
    case "container.remove":
      return operation.volumes ? "with volumes" : "";
    default:
      return "";
  }
}

export function causeToText(cause: Cause): string {
  switch (cause.type) {
    case "diverged":
      return `diverged: ${cause.changes.map(({ path }) => path).join(", ")}`;
    case "dependency-recreated":
      return `${cause.service} recreated`;
    case "network-recreated":
      return `network ${cause.network} recreated`;
    case "network-gone":
      return `network ${cause.network} gone`;
    case "volume-recreated":
      return `volume ${cause.volume} recreated`;
    case "scale":
      return `scale ${cause.from} to ${cause.to}`;
    case "not-running":
      return cause.state;
    case "renamed":
      return `renamed from ${cause.from}`;
    case "disconnected":
      return `not on ${cause.networks.join(", ")}`;
    case "dependency":
      return `for ${cause.of.join(", ")}`;
    case "missing":
    case "hash-diverged":
    case "image-changed":
    case "forced":
    case "unstartable":
    case "orphan":
    case "leftover":
    case "requested":
      return cause.type;
    default:
      return cause satisfies never;
  }
}
