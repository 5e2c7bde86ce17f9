/** What a container did not take, gathered by reason, so that one cause is told once however many files it concerns. */
import { OperationError } from "../../error.ts";
import type { SyncChange } from "./change.ts";

/** One change that was refused. */
export interface Refused {
  readonly change: SyncChange;
  /** In the words of the container or the engine. */
  readonly reason: string;
  readonly hint?: string | undefined;
  /** Further accounts of the same refusal. */
  readonly details?: readonly string[];
  readonly cause?: unknown;
}

export interface SyncFailure {
  /** Paths in the container. */
  readonly targets: readonly string[];
  readonly reason: string;
  readonly error: OperationError;
}

export function groupRefused(refused: readonly Refused[]): SyncFailure[] {
  const groups = new Map<string, [Refused, ...Refused[]]>();
  for (const one of refused) {
    const key = JSON.stringify([one.change.kind === "delete", one.reason, one.hint]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return [...groups.values()].map((group) => {
    const [{ change, reason, hint, details, cause }] = group;
    const verb = change.kind === "delete" ? "delete" : "write";
    const targets = group.map((one) => one.change.target);
    const error = new OperationError(
      "watch.sync",
      `cannot ${verb} ${nameSome(targets)} in the container: ${reason}`,
      { hint, cause, ...(details === undefined ? {} : { details }) },
    );
    return { targets, reason, error };
  });
}

function nameSome(targets: readonly string[]): string {
  const names = targets.slice(0, 3).join(", ");
  return targets.length > 3 ? `${names} and ${targets.length - 3} more` : names;
}
