/** Choosing containers of a project from labels, for commands that work on what is there. */
import type { ReadOnlyEngine } from "../engine/docker/api.ts";
import { compareBytes } from "../schema/print-order.ts";
import { UsageError } from "../engine/error.ts";
import { label } from "../engine/labels.ts";
import { toContainer } from "../engine/observe/observe.ts";
import type { ObservedContainer } from "../engine/observe/model.ts";

export interface ContainerChoice {
  /** Empty: all. */
  readonly services: readonly string[];
  readonly oneoffs?: boolean;
}

/** Sorted by service, then number. */
export async function listProjectContainers(
  engine: ReadOnlyEngine,
  project: string,
  choice: ContainerChoice,
  signal: AbortSignal,
): Promise<ObservedContainer[]> {
  const listed = await engine.listContainers({
    filters: { label: [`${label.project}=${project}`] },
    all: true,
    signal,
  });
  return listed
    .map(toContainer)
    .filter((container) => choice.oneoffs === true || !container.oneoff)
    .filter((container) => container.labels[label.hook] === undefined)
    .filter((container) => choice.services.length === 0 || choice.services.includes(container.service))
    .sort(compareContainers);
}

/** The container of a service with the given number (0: the lowest that runs). Throws UsageError where there is none. */
export function pickContainer(
  containers: readonly ObservedContainer[],
  service: string,
  index: number,
): ObservedContainer {
  const candidates = containers.filter((container) => container.service === service);
  if (index > 0) {
    const found = candidates.find((container) => container.number === index);
    if (found !== undefined) return found;
    throw new UsageError(`service "${service}" has no container number ${index}`);
  }
  const running = candidates.filter((container) => container.state === "running" && !container.oneoff);
  const first = running[0] ?? candidates.find((container) => container.state === "running");
  if (first === undefined) {
    throw new UsageError(`service "${service}" is not running`, {
      hint: `start it with: tcompose up -d ${service}`,
    });
  }
  return first;
}

function compareContainers(a: ObservedContainer, b: ObservedContainer): number {
  return (
    compareBytes(a.service, b.service) || (a.number ?? 0) - (b.number ?? 0) || compareBytes(a.name, b.name)
  );
}
