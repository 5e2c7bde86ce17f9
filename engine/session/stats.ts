/** Measurements of several containers, brought together into one picture at a steady pace. */
import type { ReadOnlyEngine } from "../docker/api.ts";
import type { ContainerStats } from "../docker/types-system.ts";
import { AbortedError, isNotFound } from "../error.ts";
import { systemClock } from "../execute/clock.ts";
import type { Clock } from "../execute/model.ts";
import { label } from "../labels.ts";
import type { ObservedContainer } from "../observe/model.ts";

type Measured = readonly (readonly [ObservedContainer, ContainerStats | undefined])[];

export interface StatsOptions {
  /** The containers now; asked again when the engine tells of a change. */
  readonly list: () => Promise<readonly ObservedContainer[]>;
  readonly show: (measured: Measured) => void;
  /** One picture with a measurement of each. */
  readonly once: boolean;
  readonly intervalMs: number;
  readonly signal: AbortSignal;
  readonly clock?: Clock;
}

/** Resolves when the signal aborts, or after the one picture. Rejects with the engine's error. */
export async function followStats(engine: ReadOnlyEngine, options: StatsOptions): Promise<void> {
  const containers = await options.list();
  if (options.once) {
    const one = async (container: ObservedContainer): Promise<Measured[number]> => [
      container,
      await measureOnce(engine, container, options.signal),
    ];
    options.show(await Promise.all(containers.map(one)));
    return;
  }
  await new StatsFollower(engine, options).run(containers);
}

async function measureOnce(
  engine: ReadOnlyEngine,
  { id, state }: ObservedContainer,
  signal: AbortSignal,
): Promise<ContainerStats | undefined> {
  if (state !== "running" && state !== "paused") return undefined;
  try {
    for await (const stats of engine.containerStats(id, { stream: false, signal })) return stats;
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  return undefined;
}

class StatsFollower {
  readonly #engine: ReadOnlyEngine;
  readonly #options: StatsOptions;
  #containers: readonly ObservedContainer[] = [];
  readonly #latest = new Map<string, ContainerStats>();
  readonly #streams = new Map<string, AbortController>();
  /** Of a stream: ends the whole. */
  #failure: { readonly error: unknown } | undefined;

  constructor(engine: ReadOnlyEngine, options: StatsOptions) {
    this.#engine = engine;
    this.#options = options;
  }

  async run(containers: readonly ObservedContainer[]): Promise<void> {
    const { signal, show, intervalMs, clock = systemClock } = this.#options;
    this.#take(containers);
    const changes = this.#followChanges();
    changes.catch((error: unknown) => (this.#failure ??= { error }));
    try {
      while (!signal.aborted && this.#failure === undefined) {
        show(this.#containers.map((container) => [container, this.#latest.get(container.id)]));
        await clock.sleep(intervalMs, signal);
      }
    } catch (error) {
      if (!(error instanceof AbortedError) && !signal.aborted) throw error;
    } finally {
      for (const stream of this.#streams.values()) stream.abort();
    }
    const failure = this.#failure;
    if (failure !== undefined && !signal.aborted) throw failure.error;
  }

  /** Streams for those that are new, none for those that are gone. */
  #take(containers: readonly ObservedContainer[]): void {
    this.#containers = containers;
    const running = containers.filter(({ state }) => state === "running" || state === "paused");
    const ids = new Set(running.map(({ id }) => id));
    for (const [id, stream] of this.#streams) {
      if (ids.has(id)) continue;
      stream.abort();
      this.#streams.delete(id);
      this.#latest.delete(id);
    }
    for (const id of ids) if (!this.#streams.has(id)) this.#follow(id);
  }

  #follow(id: string): void {
    const own = new AbortController();
    this.#streams.set(id, own);
    const signal = AbortSignal.any([own.signal, this.#options.signal]);
    const read = async (): Promise<void> => {
      for await (const stats of this.#engine.containerStats(id, { stream: true, signal })) {
        this.#latest.set(id, stats);
      }
    };
    // One that has gone meanwhile is told by its event.
    read().catch((error: unknown) => {
      if (!signal.aborted && !isNotFound(error)) this.#failure ??= { error };
    });
  }

  async #followChanges(): Promise<void> {
    const { signal, list } = this.#options;
    const [first] = this.#containers;
    const project = first?.labels[label.project];
    const filters = {
      type: ["container"],
      event: ["start", "die", "destroy", "pause", "unpause"],
      ...(project === undefined ? {} : { label: [`${label.project}=${project}`] }),
    };
    for await (const _change of this.#engine.events({ filters, signal })) this.#take(await list());
  }
}
