/**
 * Containers of watched services that somebody removed. One that was taken away while it ran (`docker rm -f`) is made
 * again: the stack is what should be there. One that was stopped before (`down`, `rm`, a smaller scale, another `up`)
 * was meant to go, or has a successor: where none is left, that is said, and changes wait for the next one.
 */
import type { EngineMessage } from "../docker/types.ts";
import { errorFacts } from "../execute/error-facts.ts";
import type { FeedContainer } from "./container-feed.ts";
import type { WatchEvent } from "./event.ts";

export interface RemovalsOptions {
  /** Makes what is missing of a service; false when nothing was. Undefined: nothing is to be made. */
  readonly restore: ((service: string) => Promise<boolean>) | undefined;
  /** Those of the services that have no container. */
  readonly empty: (services: readonly string[]) => Promise<readonly string[]>;
  readonly isWatched: (service: string) => boolean;
  readonly report: (event: WatchEvent) => void;
  /** Milliseconds. */
  readonly now: () => number;
}

/** Whoever replaces containers does it in less. */
const SETTLING_MS = 1_000;
/** A container that ends and is removed within this time was removed while it ran. */
const AT_ONCE_MS = 3_000;
/** Who removes it again so soon means it. */
const INSISTING_MS = 15_000;

export class Removals {
  readonly #options: RemovalsOptions;
  /** How and when containers ended, by id, in milliseconds of the engine's clock. */
  readonly #ends = new Map<string, { readonly at: number; isStopped: boolean }>();
  /** Names of the containers that were taken away, by service; empty: they were meant to go. */
  readonly #gone = new Map<string, string[]>();
  /** When a service was made whole last. */
  readonly #restored = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: RemovalsOptions) {
    this.#options = options;
  }

  hear({ Action, timeNano }: EngineMessage, { id, name, service }: FeedContainer): void {
    const at = timeNano / 1e6;
    const end = this.#ends.get(id);
    if (Action === "start") this.#ends.delete(id);
    else if (Action === "die") this.#ends.set(id, { at, isStopped: end?.isStopped ?? false });
    else if (Action === "stop") this.#ends.set(id, { at: end?.at ?? at, isStopped: true });
    else if (Action === "destroy") {
      this.#ends.delete(id);
      if (!this.#options.isWatched(service)) return;
      const isTaken = end !== undefined && !end.isStopped && at - end.at < AT_ONCE_MS;
      this.#gone.set(service, [...(this.#gone.get(service) ?? []), ...(isTaken ? [name] : [])]);
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => void this.#settle(), SETTLING_MS);
    }
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  async #settle(): Promise<void> {
    const gone = [...this.#gone];
    this.#gone.clear();
    const left: string[] = [];
    for (const [service, taken] of gone) {
      if (!(await this.#restore(service, taken))) left.push(service);
    }
    try {
      const services = await this.#options.empty(left);
      if (services.length > 0) this.#options.report({ type: "gone", services });
    } catch {
      // The engine went away: its feed says so, and finds what is there afterwards.
    }
  }

  /** False when nothing was made. */
  async #restore(service: string, taken: readonly string[]): Promise<boolean> {
    const { restore, report, now } = this.#options;
    const from = now();
    const isSoon = from - (this.#restored.get(service) ?? -INSISTING_MS) < INSISTING_MS;
    if (restore === undefined || taken.length === 0 || isSoon) return false;
    try {
      if (!(await restore(service))) return false;
      this.#restored.set(service, now());
      report({ type: "restored", service, containers: taken, durationMs: now() - from });
    } catch (error) {
      report({ type: "failed", service, action: "restore", error: errorFacts(error) });
    }
    return true;
  }
}
