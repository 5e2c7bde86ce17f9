/** What comparing one container with the host came to, and how several such outcomes are told as one. */
import { posix } from "node:path";
import type { WatchRuleSet } from "./rules.ts";
import type { SyncReport } from "./sync/container-sync.ts";

export interface Compared {
  readonly report: SyncReport;
  /** Rules that had news for the container. */
  readonly changed: ReadonlySet<WatchRuleSet>;
  /** Rules of which the container did not take something. */
  readonly refused: ReadonlySet<WatchRuleSet>;
  /** The only path that was sent, relative to its rule's root. */
  readonly example: string | undefined;
}

export const NOTHING: Compared = {
  report: { written: 0, deleted: 0, bytes: 0, via: "none", targets: [], kept: [], failed: [] },
  changed: new Set(),
  refused: new Set(),
  example: undefined,
};

export function joinReports(first: SyncReport, second: SyncReport): SyncReport {
  // What was refused at first and is told is told by the second.
  const told = new Set(first.failed.filter(({ isNews }) => isNews).flatMap(({ targets }) => targets));
  return {
    ...second,
    written: first.written + second.written,
    deleted: first.deleted + second.deleted,
    bytes: first.bytes + second.bytes,
    via: second.via === "none" ? first.via : second.via,
    targets: [...first.targets, ...second.targets],
    kept: [...first.kept, ...second.kept],
    keptReason: first.keptReason ?? second.keptReason,
    failed: second.failed.map((failure) => ({
      ...failure,
      isNews: failure.isNews || failure.targets.some((target) => told.has(target)),
    })),
  };
}

/** Replicas get the same changes: the largest report speaks for all. */
export function larger(best: Compared, next: Compared): Compared {
  const size = ({ report: { written, deleted, kept } }: Compared): number => written + deleted + kept.length;
  return size(next) > size(best) ? next : best;
}

export function exampleOf(targets: readonly string[], rules: ReadonlySet<WatchRuleSet>): string | undefined {
  const [target] = targets;
  const [rule] = rules;
  if (target === undefined || targets.length > 1 || rule?.target === undefined) return undefined;
  return posix.relative(rule.target, target) || posix.basename(target);
}
