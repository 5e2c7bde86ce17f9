/**
 * Carries changes into a container by the way that fits: few through the open shell, many by archive. What is refused
 * holds back nothing else.
 */
import type { SyncChange } from "./change.ts";
import type { ContainerFacts } from "./container-facts.ts";
import type { ContainerShell } from "./container-shell.ts";
import { groupRefused, type Refused, type SyncFailure } from "./failure.ts";
import { removeAll } from "./remove.ts";
import { fitsBatch } from "./shell-batch.ts";
import type { SendTarget } from "./send-target.ts";
import { SHELL_FILE_LIMIT, ShellSession } from "./shell-session.ts";
import { isUpload, type Patience, uploadAll } from "./upload.ts";

export interface Sent {
  readonly via: "shell" | "archive" | "none";
  readonly deleted: number;
  /** Deletes that this container will never take. */
  readonly kept: readonly string[];
  readonly keptReason?: string | undefined;
  /** Targets that wait until the container runs. */
  readonly waiting: readonly string[];
  readonly failed: readonly SyncFailure[];
}

/** More changes than this at once are a burst. */
export const BURST = 24;

export interface SendOptions {
  /** They are part of many: written in place by the shell's own means, where that goes. */
  readonly isBurst: boolean;
  /** Shared by all that is sent at once. */
  readonly patience: Patience;
  readonly signal?: AbortSignal | undefined;
}

/** `changes` in the order of `orderChanges`. Rejects with a TcomposeError when the container cannot be reached at all. */
export async function sendChanges(
  target: SendTarget,
  changes: readonly SyncChange[],
  options: SendOptions,
): Promise<Sent> {
  const shown = await throughShell(target, divide(changes, options.isBurst, target.facts));
  const { left, words } = shown;
  if (words.size === 0 && left.length < changes.length) target.shell.countSuccess();
  const removed = await removeAll(target, left, options.signal);
  const uploads = left.filter(isUpload);
  const unreachable = uploads.filter(({ target: path }) => target.facts.archiveObstacle(path) !== undefined);
  const reachable = uploads.filter(({ target: path }) => target.facts.archiveObstacle(path) === undefined);
  const refused = await uploadAll(target, reachable, { ...options, words });
  countRefusals(target.shell, reachable, refused, words);
  // Nobody knows yet whether there is a shell: the container does not run.
  const isWaiting = shown.isClosed && target.shell.unusable === undefined;
  const isSent = reachable.length > refused.length || removed.deleted > 0;
  const before = changes.filter(isDelete).length - left.filter(isDelete).length;
  return {
    via: isSent ? "archive" : left.length < changes.length ? "shell" : "none",
    deleted: removed.deleted + before,
    kept: removed.kept,
    keptReason: removed.keptReason,
    waiting: [...removed.waiting, ...(isWaiting ? unreachable.map(({ target: path }) => path) : [])],
    failed: groupRefused([
      ...removed.refused,
      ...refused,
      ...(isWaiting ? [] : unreachable.map((change) => refuseUnreachable(target, change, words.get(change)))),
    ]),
  };
}

/** How changes are to travel, in this order. */
interface Ways {
  readonly batch: readonly SyncChange[];
  readonly single: readonly SyncChange[];
  readonly archive: readonly SyncChange[];
}

function divide(changes: readonly SyncChange[], isBurst: boolean, facts: ContainerFacts): Ways {
  // A batch quotes its names: line breaks in them are nothing special there.
  const isBatch = isBurst || !changes.every((change) => ShellSession.accepts(change));
  const batch = isBatch ? changes.filter(fitsBatch) : [];
  const rest = isBatch ? changes.filter((change) => !fitsBatch(change)) : changes;
  const isFew = rest.length <= BURST && rest.every(isSmall);
  const isSingle = (change: SyncChange): boolean =>
    ShellSession.accepts(change) && (isFew || facts.archiveObstacle(change.target) !== undefined);
  return { batch, single: rest.filter(isSingle), archive: rest.filter((change) => !isSingle(change)) };
}

interface Shown {
  /** What is still to be sent. */
  readonly left: readonly SyncChange[];
  /** What the shell said of those that it refused. */
  readonly words: ReadonlyMap<SyncChange, string>;
  /** There is no shell, or not now. */
  readonly isClosed: boolean;
}

async function throughShell({ shell, facts }: SendTarget, ways: Ways): Promise<Shown> {
  const { batch, single, archive } = ways;
  const words = new Map<SyncChange, string>();
  if (batch.length + single.length === 0) return { left: archive, words, isClosed: false };
  const session = await shell.open(facts.owner);
  if (session === undefined) return { left: [...batch, ...single, ...archive], words, isClosed: true };
  const unfinished = await session.applyBatch(batch);
  // An archive gives the engine's own account of what is wrong; where it cannot reach, one after the other does.
  const again = unfinished.filter(({ target }) => facts.archiveObstacle(target) !== undefined);
  const alone = [...again, ...single];
  const results = await Promise.allSettled(alone.map((change) => session.apply(change)));
  for (const [at, result] of results.entries()) {
    const change = alone[at];
    if (result.status === "fulfilled" || change === undefined) continue;
    words.set(change, result.reason instanceof Error ? result.reason.message : String(result.reason));
  }
  const repeated = new Set(again);
  const others = unfinished.filter((change) => !repeated.has(change));
  return { left: [...others, ...words.keys(), ...archive], words, isClosed: false };
}

function isDelete(change: SyncChange): boolean {
  return change.kind === "delete";
}

function isSmall(change: SyncChange): boolean {
  return change.kind !== "file" || change.content.length <= SHELL_FILE_LIMIT;
}

/** A shell that refuses what an archive can is of no use. */
function countRefusals(
  shell: ContainerShell,
  uploads: readonly SyncChange[],
  refused: readonly Refused[],
  words: ReadonlyMap<SyncChange, string>,
): void {
  const failed = new Set(refused.map(({ change }) => change));
  const needless = uploads.find((change) => words.has(change) && !failed.has(change));
  const word = needless === undefined ? undefined : words.get(needless);
  if (word !== undefined) shell.countRefusal(word);
}

function refuseUnreachable(
  { shell, facts }: SendTarget,
  change: SyncChange,
  word: string | undefined,
): Refused {
  if (word !== undefined) return { change, reason: word };
  return {
    change,
    reason: shell.unusable ?? facts.archiveObstacle(change.target) ?? "",
    hint: "such a place can be written only while the container runs, by an image with a shell",
  };
}
