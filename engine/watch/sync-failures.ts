/** How failures of several containers are told: each once, however many of them have it. */
import type { ErrorFacts } from "../error-facts.ts";
import { errorFacts } from "../execute/error-facts.ts";
import type { FailedSync } from "./sync/container-sync.ts";

export interface ContainerFailures {
  readonly container: string;
  readonly failed: readonly FailedSync[];
}

export interface ToldFailure {
  readonly error: ErrorFacts;
  /** Present when other containers of the service have no such failure. */
  readonly containers?: readonly string[];
}

/** `total`: how many containers the service has. What has been told before is left out. */
export function tellFailures(all: readonly ContainerFailures[], total: number): ToldFailure[] {
  const byMessage = new Map<string, { readonly error: ErrorFacts; readonly containers: string[] }>();
  for (const { container, failed } of all) {
    for (const { error, isNews } of failed) {
      if (!isNews) continue;
      const known = byMessage.get(error.message);
      if (known === undefined)
        byMessage.set(error.message, { error: errorFacts(error), containers: [container] });
      else known.containers.push(container);
    }
  }
  return [...byMessage.values()].map(({ error, containers }) =>
    containers.length < total ? { error, containers } : { error },
  );
}
