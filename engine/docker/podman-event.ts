/** Podman names some events differently from Docker; the rest of tcompose knows Docker's names alone. Pure. */
import type { EngineMessage, Filters } from "./types.ts";

const TO_DOCKER: Readonly<Record<string, string>> = { died: "die", remove: "destroy" };
/** Steps inside Podman that Docker does not tell. */
const PRIVATE: ReadonlySet<string> = new Set(["init", "cleanup", "sync", "mount", "unmount"]);
const TO_PODMAN: Readonly<Record<string, readonly string[]>> = {
  die: ["die", "died"],
  destroy: ["destroy", "remove"],
};

interface PodmanMessage extends EngineMessage {
  readonly HealthStatus?: string;
}

/** Undefined: nothing that Docker would tell. */
export function toDockerEvent(message: PodmanMessage): EngineMessage | undefined {
  if (message.Type === "container" && PRIVATE.has(message.Action)) return undefined;
  const { Attributes: attributes } = message.Actor;
  if (message.Action === "health_status") {
    const status = message.HealthStatus ?? attributes["health_status"] ?? "";
    return { ...message, Action: `health_status: ${status}` };
  }
  const action = TO_DOCKER[message.Action];
  if (action === undefined) return message;
  const exitCode = attributes["exitCode"] ?? attributes["containerExitCode"];
  const actor = {
    ...message.Actor,
    Attributes: exitCode === undefined ? attributes : { ...attributes, exitCode },
  };
  return { ...message, Action: action, Actor: actor };
}

/** Asks for both names of an event. */
export function podmanEventFilters(filters: Filters | undefined): Filters | undefined {
  const events = filters?.["event"];
  if (events === undefined) return filters;
  return { ...filters, event: events.flatMap((name) => TO_PODMAN[name] ?? [name]) };
}
