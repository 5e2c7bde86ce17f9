/** Which resources an operation takes while it runs, and how many of each there are. */
import type { Operation } from "../plan/operation.ts";
import type { Limits } from "./model.ts";

/**
 * Measured on two processors with 50 services in chains of ten, in seconds: 2 mutations at once 8.8, 6 at once 9.4,
 * 8 at once 7.0, 16 at once 6.8; more than 8 brings little and makes a busy engine slow for everybody else.
 */
export const defaultLimits: Limits = { pulls: 3, builds: 2, mutations: 8 };

/**
 * Waits, hooks, providers and stops take nothing: they pass their time in containers, and one slow stop must not
 * hold up the others.
 */
export function resourcesOf(operation: Operation): readonly string[] {
  switch (operation.kind) {
    case "image.pull":
    case "image.push":
      return [`pulls:${registryOf(operation.reference)}`];
    case "image.build":
      return ["builds"];
    case "container.start":
      // The engine picks a port out of a range without locking: two starts at once may pick the same one.
      return operation.serial === true ? ["mutations", "serial"] : ["mutations"];
    case "image.remove":
    case "network.create":
    case "network.remove":
    case "network.connect":
    case "network.disconnect":
    case "volume.create":
    case "volume.remove":
    case "container.create":
    case "container.copy":
    case "container.remove":
    case "container.rename":
    case "container.update":
    case "container.unpause":
    case "container.signal":
    case "container.mark":
      return ["mutations"];
    case "container.stop":
    case "container.drain":
    case "hook.run":
    case "ready.wait":
    case "provider.run":
      return [];
    case "model.prepare":
      return operation.pull ? [`pulls:${registryOf(operation.model)}`] : [];
    default:
      return operation satisfies never;
  }
}

export function capacityOf(resource: string, limits: Limits): number {
  if (resource === "builds") return Math.max(1, limits.builds);
  if (resource === "mutations") return Math.max(1, limits.mutations);
  if (resource === "serial") return 1;
  return Math.max(1, limits.pulls);
}

/** Registry of an image reference: its first part when that looks like a host, else Docker Hub. */
function registryOf(reference: string): string {
  const slash = reference.indexOf("/");
  const first = slash < 0 ? "" : reference.slice(0, slash);
  return first === "localhost" || /[.:]/.test(first) ? first : "docker.io";
}
