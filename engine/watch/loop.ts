/**
 * The watch loop as a pure state machine: changes in, work out. One queue a service; nothing here reads a clock,
 * a file or the engine, so every ordering can be tested.
 *
 *   idle --change--> gathering --quiet--> running --settled, nothing new--> idle
 *                        ^                   |
 *                        +--settled, more----+          a newer rebuild change aborts a running build
 *
 * What failed of a batch is kept and merged into the next one: the next change retries it. Services never share a batch,
 * so one service's failure cannot drop another's.
 */
import type { WatchAction } from "../../schema/model.ts";

/** One `develop.watch` rule of a service; `index` is its position in the list. */
export interface LoopRule {
  readonly service: string;
  readonly index: number;
  readonly action: WatchAction;
}

/** What one run of a service has to do, in this order: rebuild, or else sync, restart, exec. */
export interface Batch {
  readonly service: string;
  /** A rebuild covers every other action of the batch, except the sync of what changed meanwhile. */
  readonly rebuild: boolean;
  /** Host paths to sync, by rule index. */
  readonly sync: ReadonlyMap<number, ReadonlySet<string>>;
  /** Indexes of the rules that restart without syncing. */
  readonly plainRestart: readonly number[];
  /** Indexes of all its rules. */
  readonly rules: ReadonlySet<number>;
  /** Number of distinct paths. */
  readonly paths: number;
}

export type LoopInput =
  | { readonly type: "changed"; readonly rule: LoopRule; readonly path: string; readonly now: number }
  | {
      readonly type: "settled";
      readonly service: string;
      /** Indexes of the rules whose changes are to be tried again. */
      readonly failed: ReadonlySet<number>;
      readonly now: number;
    }
  | { readonly type: "tick"; readonly now: number };

export type LoopEffect =
  /** Call `step` with a tick at this time. Replaces the wake asked for earlier. */
  | { readonly type: "wake"; readonly at: number }
  | { readonly type: "run"; readonly batch: Batch }
  /** The build that runs for this service is out of date. It still has to settle. */
  | { readonly type: "abort"; readonly service: string };

/** Quiet times in milliseconds. */
export interface LoopTiming {
  /** From the first change to the run: gathers the events of one save. */
  readonly leading: number;
  /** Quiet time before a further batch that follows a run. */
  readonly trailing: number;
  /** Quiet time before a rebuild: a build is dear, and checkouts come in bursts. */
  readonly rebuild: number;
  /** A batch never waits longer than this for quiet. */
  readonly longest: number;
  /** The same for one that only syncs: a save must not wait because something else is written all the time. */
  readonly longestSync: number;
}

export const DEFAULT_TIMING: LoopTiming = {
  leading: 3,
  trailing: 25,
  rebuild: 100,
  longest: 500,
  longestSync: 100,
};

interface Queue {
  readonly service: string;
  /** Changed paths that no run has taken yet, by rule. */
  readonly dirty: Map<LoopRule, Set<string>>;
  /** What the current run took, to merge back if it fails. */
  running:
    { readonly taken: Map<LoopRule, Set<string>>; readonly rebuild: boolean; aborted: boolean } | undefined;
  firstAt: number;
  lastAt: number;
  /** The batch being gathered follows a run. */
  following: boolean;
  /** Only a failed batch is waiting: it needs a new change to go. */
  stale: boolean;
}

export class WatchLoop {
  readonly #timing: LoopTiming;
  readonly #queues = new Map<string, Queue>();

  constructor(timing: LoopTiming = DEFAULT_TIMING) {
    this.#timing = timing;
  }

  /** True when nothing is queued or running. Failed batches that wait for a change count as idle. */
  get idle(): boolean {
    return [...this.#queues.values()].every(
      (queue) => queue.running === undefined && (queue.stale || queue.dirty.size === 0),
    );
  }

  /**
   * The service has other rules from now on. What is queued goes to the rule with the same place and action; where
   * there is none, it is dropped: whoever changes the rules compares the service's trees anyway.
   */
  replaceRules(service: string, rules: readonly LoopRule[]): void {
    const queue = this.#queues.get(service);
    if (queue === undefined) return;
    moveRules(queue.dirty, rules);
    if (queue.running !== undefined) moveRules(queue.running.taken, rules);
    if (queue.dirty.size === 0) queue.stale = false;
  }

  step(input: LoopInput): LoopEffect[] {
    const effects: LoopEffect[] = [];
    switch (input.type) {
      case "changed":
        effects.push(...this.#changed(input.rule, input.path, input.now));
        break;
      case "settled":
        this.#settled(input.service, input.failed, input.now);
        break;
      case "tick":
        break;
      default:
        input satisfies never;
    }
    effects.push(...this.#runDue(input.now));
    return effects;
  }

  #queue(service: string): Queue {
    let queue = this.#queues.get(service);
    if (queue === undefined) {
      queue = {
        service,
        dirty: new Map(),
        running: undefined,
        firstAt: 0,
        lastAt: 0,
        following: false,
        stale: false,
      };
      this.#queues.set(service, queue);
    }
    return queue;
  }

  #changed(rule: LoopRule, path: string, now: number): LoopEffect[] {
    const queue = this.#queue(rule.service);
    if (queue.dirty.size === 0 || queue.stale) queue.firstAt = now;
    queue.stale = false;
    queue.lastAt = now;
    add(queue.dirty, rule, path);
    if (rule.action !== "rebuild" || queue.running?.rebuild !== true || queue.running.aborted) return [];
    queue.running.aborted = true;
    return [{ type: "abort", service: rule.service }];
  }

  #settled(service: string, failed: ReadonlySet<number>, now: number): void {
    const queue = this.#queue(service);
    const { running } = queue;
    const waiting = queue.dirty.size > 0;
    queue.running = undefined;
    queue.following = waiting;
    for (const [rule, paths] of running?.taken ?? [])
      if (failed.has(rule.index)) for (const path of paths) add(queue.dirty, rule, path);
    if (!waiting && queue.dirty.size > 0) {
      queue.stale = true;
      queue.firstAt = now;
    }
  }

  #runDue(now: number): LoopEffect[] {
    const effects: LoopEffect[] = [];
    let wake: number | undefined;
    for (const queue of this.#queues.values()) {
      if (queue.running !== undefined || queue.stale || queue.dirty.size === 0) continue;
      const due = this.#dueAt(queue);
      if (due <= now) effects.push({ type: "run", batch: take(queue) });
      else wake = wake === undefined ? due : Math.min(wake, due);
    }
    if (wake !== undefined) effects.push({ type: "wake", at: wake });
    return effects;
  }

  #dueAt(queue: Queue): number {
    const { leading, trailing, rebuild, longest, longestSync } = this.#timing;
    if (needsRebuild(queue.dirty)) return Math.min(queue.lastAt + rebuild, queue.firstAt + longest);
    if (queue.following)
      return Math.min(
        queue.lastAt + trailing,
        queue.firstAt + (onlySyncs(queue.dirty) ? longestSync : longest),
      );
    // The leading edge is counted from the first change: a save goes out at once, however many follow.
    return queue.firstAt + leading;
  }
}

function add(dirty: Map<LoopRule, Set<string>>, rule: LoopRule, path: string): void {
  const paths = dirty.get(rule);
  if (paths === undefined) dirty.set(rule, new Set([path]));
  else paths.add(path);
}

function moveRules(changes: Map<LoopRule, Set<string>>, rules: readonly LoopRule[]): void {
  for (const [old, paths] of changes) {
    const rule = rules.find(({ index, action }) => index === old.index && action === old.action);
    if (rule === old) continue;
    changes.delete(old);
    if (rule !== undefined) for (const path of paths) add(changes, rule, path);
  }
}

function needsRebuild(dirty: ReadonlyMap<LoopRule, unknown>): boolean {
  for (const rule of dirty.keys()) if (rule.action === "rebuild") return true;
  return false;
}

function onlySyncs(dirty: ReadonlyMap<LoopRule, unknown>): boolean {
  for (const rule of dirty.keys()) if (rule.action !== "sync") return false;
  return true;
}

function take(queue: Queue): Batch {
  const taken = new Map(queue.dirty);
  queue.dirty.clear();
  const rebuild = needsRebuild(taken);
  queue.running = { taken, rebuild, aborted: false };
  queue.following = false;
  const sync = new Map<number, ReadonlySet<string>>();
  const plainRestart: number[] = [];
  const all = new Set<string>();
  for (const [rule, paths] of taken) {
    for (const path of paths) all.add(path);
    if (rule.action.startsWith("sync")) sync.set(rule.index, paths);
    if (rule.action === "restart") plainRestart.push(rule.index);
  }
  const rules = new Set([...taken.keys()].map(({ index }) => index));
  return { service: queue.service, rebuild, sync, plainRestart, rules, paths: all.size };
}
