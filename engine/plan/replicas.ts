/**
 * Which containers of a service stay, which are replaced, which go and which are missing. Every state that an
 * interrupted run can leave is sorted out here, from labels and names alone.
 */
import type { DesiredService } from "../desired/model.ts";
import type { ObservedContainer } from "../observe/model.ts";
import { finalNameOf } from "../ref.ts";
import type { Cause, ImageCondition } from "./operation.ts";

/** Why a container cannot stay as it is; with `onlyIf` it is known only when an image has come. */
export interface Verdict {
  readonly cause: Cause;
  readonly onlyIf?: readonly ImageCondition[];
}

export interface Slot {
  readonly number: number;
  readonly name: string;
  readonly action: "keep" | "create" | "replace";
  readonly container: ObservedContainer | undefined;
  readonly cause: Cause;
  readonly onlyIf?: readonly ImageCondition[];
}

export interface Removal {
  readonly container: ObservedContainer;
  readonly cause: Cause;
}

export interface Replicas {
  /** By number. */
  readonly slots: readonly Slot[];
  readonly removals: readonly Removal[];
}

export function selectReplicas(
  service: DesiredService,
  containers: readonly ObservedContainer[],
  judge: (container: ObservedContainer) => Verdict | undefined,
): Replicas {
  const usable = containers.filter(({ state, number }) => state !== "removing" && number !== undefined);
  const verdicts = new Map(usable.map((container) => [container.id, judge(container)]));
  const isCurrent = ({ id }: ObservedContainer): boolean => verdicts.get(id) === undefined;
  const candidates = oneEachNumber(usable, isCurrent);
  const excess = Math.max(0, candidates.length - service.replicas);
  const obsoleteFirst = candidates.toSorted(
    (a, b) => Number(isCurrent(a)) - Number(isCurrent(b)) || numberOf(b) - numberOf(a),
  );
  const surplus = new Set(obsoleteFirst.slice(0, excess));
  const kept = candidates.filter((container) => !surplus.has(container));
  const scaled: Cause = { type: "scale", from: candidates.length, to: service.replicas };
  const present = kept.map((container): Slot => {
    const verdict = verdicts.get(container.id);
    const number = numberOf(container);
    const base = { number, name: service.containerName(number), container };
    if (verdict === undefined) return { ...base, action: "keep", cause: { type: "requested" } };
    return { ...base, action: "replace", ...verdict };
  });
  const missing = freeNumbers(kept, service.replicas).map((number): Slot => ({
    number,
    name: service.containerName(number),
    action: "create",
    container: undefined,
    cause: candidates.length === 0 ? { type: "missing" } : scaled,
  }));
  const removals = containers
    .filter((container) => !kept.includes(container))
    .map((container): Removal => ({
      container,
      cause: surplus.has(container) ? scaled : { type: "leftover" },
    }));
  return { slots: [...present, ...missing].toSorted((a, b) => a.number - b.number), removals };
}

/**
 * An interrupted recreate leaves two containers of one number: the old one under its own name stays the one that
 * counts, so that an unfinished replacement is simply begun again. When the old one is gone, the replacement counts.
 */
function oneEachNumber(
  containers: readonly ObservedContainer[],
  isCurrent: (container: ObservedContainer) => boolean,
): ObservedContainer[] {
  const best = new Map<number, ObservedContainer>();
  const isServed = (number: number | undefined): boolean =>
    containers.some((other) => other.number === number && !isTemporary(other) && isUp(other));
  // In a rolling update the replacement serves already when the old one has stopped.
  const tookOver = (container: ObservedContainer): boolean =>
    isCurrent(container) && isUp(container) && !isServed(container.number);
  const rank = (container: ObservedContainer): number =>
    (isTemporary(container) && !tookOver(container) ? 0 : 4) +
    (isCurrent(container) ? 2 : 0) +
    (isUp(container) ? 1 : 0);
  for (const container of containers) {
    const other = best.get(numberOf(container));
    if (other === undefined || rank(container) > rank(other)) best.set(numberOf(container), container);
  }
  return [...best.values()].toSorted((a, b) => numberOf(a) - numberOf(b));
}

function freeNumbers(kept: readonly ObservedContainer[], replicas: number): number[] {
  const taken = new Set(kept.map(numberOf));
  const free: number[] = [];
  for (let number = 1; taken.size + free.length < replicas; number += 1) {
    if (!taken.has(number)) free.push(number);
  }
  return free;
}

export function isTemporary({ name }: ObservedContainer): boolean {
  return finalNameOf(name) !== undefined;
}

/** Its process is there: it has to be stopped before it can go. */
export function isUp({ state }: ObservedContainer): boolean {
  return state === "running" || state === "paused" || state === "restarting";
}

function numberOf({ number }: ObservedContainer): number {
  return number ?? 0;
}
