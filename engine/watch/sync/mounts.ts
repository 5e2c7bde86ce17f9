/**
 * Places where something is mounted are not taken away: what a volume or a folder of the host holds would be gone, too,
 * and the place itself would stay.
 */
import type { SyncChange } from "./change.ts";
import type { ContainerFacts } from "./container-facts.ts";
import type { Refused } from "./failure.ts";

export interface Guarded {
  readonly changes: readonly SyncChange[];
  readonly refused: readonly Refused[];
}

/** `knownBelow`: what the container got, at a path and below. */
export function guardMounts(
  changes: readonly SyncChange[],
  facts: ContainerFacts,
  knownBelow: (target: string) => readonly string[],
): Guarded {
  const guarded: SyncChange[] = [];
  const refused: Refused[] = [];
  for (const change of changes) {
    const mount = change.kind === "directory" ? undefined : facts.mountIn(change.target);
    if (mount === undefined) {
      guarded.push(change);
    } else if (change.kind !== "delete") {
      refused.push({ change, reason: `something is mounted at ${mount}` });
    } else {
      // Everything that was brought there goes, one by one.
      for (const target of knownBelow(change.target))
        if (facts.mountIn(target) === undefined) guarded.push({ kind: "delete", target });
    }
  }
  return { changes: guarded, refused };
}
