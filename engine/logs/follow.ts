/**
 * Following the logs of a project: every container's stream, across restarts and recreations. Containers that
 * appear later are learnt of from the engine's events.
 */
import { setMaxListeners } from "node:events";
import type { ReadOnlyEngine } from "../docker/api.ts";
import type { EngineMessage, Labels } from "../docker/types.ts";
import { AbortedError } from "../error.ts";
import { label } from "../labels.ts";
import { EventHub, type HubMessage } from "../readiness/event-hub.ts";
import { ContainerFollower } from "./container-follower.ts";
import type { EmitLogs, FollowOptions, LogTarget } from "./model.ts";

/**
 * Resolves when nothing is left to follow (see `FollowOptions.endsWhen`) or the signal aborts; rejects with the
 * engine's error. Lines of one container come in order; those of several are interleaved as they arrive.
 */
export async function followLogs(
  engine: ReadOnlyEngine,
  targets: readonly LogTarget[],
  options: FollowOptions,
  emit: EmitLogs,
  signal: AbortSignal,
): Promise<void> {
  const following = new Following(engine, options, emit, signal);
  await following.run(targets);
}

const EVENTS = ["start", "die", "destroy", "rename"];

class Following {
  readonly #engine: ReadOnlyEngine;
  readonly #options: FollowOptions;
  readonly #emit: EmitLogs;
  readonly #hub: EventHub;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  readonly #followers = new Map<string, ContainerFollower>();
  #isHeld: boolean;
  #isOpen = false;
  #end: () => void = () => undefined;
  #fail: (error: unknown) => void = () => undefined;

  constructor(engine: ReadOnlyEngine, options: FollowOptions, emit: EmitLogs, signal: AbortSignal) {
    this.#engine = engine;
    this.#options = options;
    this.#emit = emit;
    this.#signal = AbortSignal.any([signal, this.#stop.signal]);
    // Every container listens: more than ten is no leak here.
    setMaxListeners(0, this.#signal);
    this.#isHeld = options.hold !== undefined;
    this.#hub = new EventHub(engine, {
      type: ["container"],
      event: EVENTS,
      label: [`${label.project}=${options.project}`],
    });
  }

  async run(targets: readonly LogTarget[]): Promise<void> {
    const ended = new Promise<void>((resolve, reject) => {
      this.#end = resolve;
      this.#fail = reject;
    });
    const onAbort = (): void => this.#end();
    this.#signal.addEventListener("abort", onAbort, { once: true });
    if (this.#signal.aborted) this.#end();
    this.#hub.listen(undefined, (message) => this.#hear(message));
    try {
      await Promise.race([this.#hub.open(), ended]);
      for (const target of targets) this.#follow(target, true);
      this.#releaseAfter(this.#options.hold);
      this.#endWhenIdle();
      await ended;
    } finally {
      this.#signal.removeEventListener("abort", onAbort);
      this.#stop.abort();
      this.#hub.close();
    }
  }

  #releaseAfter(hold: Promise<unknown> | undefined): void {
    const release = (): void => {
      // The last start may have answered before its event came.
      this.#adoptRunning().then(() => {
        this.#isHeld = false;
        this.#endWhenIdle();
      }, this.#fail);
    };
    hold?.then(release, release);
  }

  /** Follows what runs and is not followed yet. */
  async #adoptRunning(): Promise<void> {
    const filters = { label: [`${label.project}=${this.#options.project}`] };
    for (const container of await this.#engine.listContainers({
      all: false,
      filters,
      signal: this.#signal,
    })) {
      const name = (container.Names[0] ?? container.Id).replace(/^\//, "");
      if (this.#isWanted(container.Labels)) {
        this.#follow({ id: container.Id, name, service: container.Labels[label.service] ?? "" }, false);
      }
    }
  }

  #isWanted(labels: Labels): boolean {
    const service = labels[label.service];
    if (service === undefined || labels[label.oneoff] === "True") return false;
    return this.#options.services?.includes(service) ?? true;
  }

  #hear(message: HubMessage): void {
    switch (message.type) {
      case "broken":
        return this.#fail(message.error);
      case "reopened":
        for (const follower of this.#followers.values()) follower.wake();
        // Not at the first opening: then the caller's targets are all there is to follow.
        if (this.#isOpen) this.#adoptRunning().catch((error: unknown) => this.#fail(error));
        this.#isOpen = true;
        return;
      case "event":
        return this.#hearEvent(message.message);
      default:
        return message satisfies never;
    }
  }

  #hearEvent(message: EngineMessage): void {
    const { ID: id, Attributes: attributes } = message.Actor;
    const known = this.#followers.get(id);
    if (known !== undefined) return known.hear(message);
    if (message.Action !== "start" || !this.#isWanted(attributes)) return;
    const name = attributes["name"] ?? id.slice(0, 12);
    this.#follow({ id, name, service: attributes[label.service] ?? "" }, false);
  }

  #follow(target: LogTarget, isInitial: boolean): void {
    if (this.#followers.has(target.id)) return;
    const { since, until, tail, timestamps = false } = this.#options;
    const follower = new ContainerFollower({
      engine: this.#engine,
      target,
      // Of a container that is started later, everything from that start on is new.
      range: isInitial ? { since, until, tail, timestamps } : { until, timestamps },
      isThisLifeOnly: !isInitial,
      emit: this.#emit,
      onIdle: () => this.#endWhenIdle(),
      signal: this.#signal,
    });
    this.#followers.set(target.id, follower);
    follower.run().catch((error: unknown) => {
      if (!(error instanceof AbortedError && this.#signal.aborted)) this.#fail(error);
    });
  }

  #endWhenIdle(): void {
    if (this.#isHeld || this.#options.endsWhen === "never") return;
    if (![...this.#followers.values()].every((follower) => follower.isIdle)) return;
    const hold = this.#options.holdAgain?.();
    if (hold === undefined) return this.#end();
    this.#isHeld = true;
    this.#releaseAfter(hold);
  }
}
