/** What a change waits for, read off the edges that lead out of it. */
import type { Operation, ReadyCondition, ResourceChange } from "../../engine/plan/operation.ts";

const CONDITION_WORD: Readonly<Record<ReadyCondition, string>> = {
  started: "started",
  healthy: "healthy",
  completed: "completed",
  running_or_healthy: "ready",
};
/** More names than this only hide what matters. */
const MOST = 6;

/** `db healthy, image api built`; empty where it waits for nothing of note. */
export function describeWaits(change: ResourceChange, operations: ReadonlyMap<string, Operation>): string {
  const own = new Set(change.operations);
  const waits = new Set<string>();
  for (const id of change.operations) {
    for (const edge of operations.get(id)?.dependsOn ?? []) {
      const origin = own.has(edge.on) ? undefined : operations.get(edge.on);
      if (origin !== undefined && isNotable(origin, change)) waits.add(describeOrigin(origin));
    }
  }
  const all = [...waits];
  const shown = all.slice(0, MOST).join(", ");
  return all.length > MOST ? `${shown} and ${all.length - MOST} more` : shown;
}

/** Every container waits for its networks and volumes: saying so would only hide the rest. */
function isNotable(origin: Operation, change: ResourceChange): boolean {
  if (origin.kind === "network.create" || origin.kind === "volume.create") return false;
  return origin.resource.type !== change.resource.type || origin.resource.name !== change.resource.name;
}

function describeOrigin(origin: Operation): string {
  const name = origin.resource.name;
  switch (origin.kind) {
    case "ready.wait":
      return `${origin.service} ${CONDITION_WORD[origin.condition]}`;
    case "image.pull":
      return `image ${name} pulled`;
    case "image.build":
      return `image ${name} built`;
    case "image.push":
      return `image ${name} pushed`;
    case "image.remove":
    case "network.remove":
    case "volume.remove":
    case "container.remove":
      return `${name} removed`;
    case "network.create":
    case "volume.create":
    case "container.create":
      return `${name} created`;
    case "container.start":
      return `${name} started`;
    case "container.stop":
      return `${name} stopped`;
    case "container.rename":
      return `${name} renamed`;
    case "container.update":
      return `${name} updated`;
    case "container.unpause":
      return `${name} unpaused`;
    case "container.drain":
      return `${name} drained`;
    case "container.signal":
      return `${name} signalled`;
    case "container.copy":
    case "container.mark":
      return `files in ${name}`;
    case "network.connect":
      return `${name} connected`;
    case "network.disconnect":
      return `${name} disconnected`;
    case "hook.run":
      return `${origin.phase} hook of ${name}`;
    case "model.prepare":
      return `model ${name}`;
    case "provider.run":
      return `provider ${name}`;
    default:
      return origin satisfies never;
  }
}
