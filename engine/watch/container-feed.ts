/**
 * The containers of a project as they come and go: those that are there, then the engine's events. When the engine
 * goes away it is asked again, at growing distances, and all containers are told anew once it answers.
 */
import type { EngineApi } from "../docker/api.ts";
import type { EngineMessage } from "../docker/types.ts";
import { EngineProtocolError } from "../error.ts";
import { errorFacts } from "../execute/error-facts.ts";
import type { Clock } from "../execute/model.ts";
import { label } from "../labels.ts";
import type { WatchEvent } from "./event.ts";

export interface FeedContainer {
  readonly id: string;
  readonly name: string;
  readonly service: string;
}

export interface ContainerFeedOptions {
  readonly engine: Pick<EngineApi, "listContainers" | "events">;
  readonly project: string;
  /** It is there, or has been started. The feed waits for the first ones, `initial`. */
  readonly onContainer: (container: FeedContainer, reason: "initial" | "container-started") => Promise<void>;
  /** Anything that happened to one, after `onContainer` has been called where it concerns that. */
  readonly onEvent: (message: EngineMessage, container: FeedContainer) => void;
  readonly report: (event: Extract<WatchEvent, { type: "engine" }>) => void;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** What ends is told for the sake of those who ask why a container is gone. */
const HEARD = ["start", "unpause", "die", "stop", "destroy"];
const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 5_000;

export class ContainerFeed {
  readonly #options: ContainerFeedOptions;
  #wasOpen = false;
  #isLost = false;

  constructor(options: ContainerFeedOptions) {
    this.#options = options;
  }

  /** The engine does not answer, and that has been reported. */
  get isLost(): boolean {
    return this.#isLost;
  }

  /**
   * Follows until the signal aborts. `onOpen` is called once, when the first containers have been taken in. Rejects
   * when the engine does not answer at the beginning.
   */
  async run(onOpen: () => void): Promise<void> {
    const { signal, clock, report } = this.#options;
    let delay = 0;
    for (;;) {
      let openedAt: number | undefined;
      const error = await this.#followOnce(() => {
        openedAt = clock.now();
        if (!this.#wasOpen) onOpen();
        this.#wasOpen = true;
      });
      if (signal.aborted) return;
      if (!this.#wasOpen) throw error;
      if (openedAt !== undefined && clock.now() - openedAt >= LONGEST_DELAY_MS) delay = 0;
      // An end of the stream may be a proxy's doing: the first new attempt is made at once and silently.
      if (delay > 0 && !this.#isLost) {
        this.#isLost = true;
        report({ type: "engine", state: "lost", error: errorFacts(error) });
      }
      if (delay > 0) await clock.sleep(delay, signal).catch(() => undefined);
      delay = Math.min(LONGEST_DELAY_MS, delay === 0 ? FIRST_DELAY_MS : delay * 2);
    }
  }

  /** Why it ended. */
  async #followOnce(onAdopted: () => void): Promise<unknown> {
    const { engine, project, signal } = this.#options;
    const attempt = new AbortController();
    const either = AbortSignal.any([signal, attempt.signal]);
    let failure: unknown;
    const adopt = async (): Promise<void> => {
      try {
        await this.#adopt(either);
        onAdopted();
      } catch (error) {
        failure = error;
        attempt.abort();
      }
    };
    let adopting: Promise<void> | undefined;
    try {
      const events = engine.events({
        filters: { type: ["container"], label: [`${label.project}=${project}`], event: HEARD },
        signal: either,
        onOpen: () => {
          adopting = adopt();
        },
      });
      for await (const message of events) this.#hear(message);
    } catch (error) {
      failure ??= error;
    }
    await adopting;
    return failure ?? new EngineProtocolError("the engine ended its stream of events");
  }

  async #adopt(signal: AbortSignal): Promise<void> {
    const { engine, project, onContainer, report } = this.#options;
    const containers = await listFeedContainers(engine, project, signal);
    if (this.#isLost) report({ type: "engine", state: "back" });
    this.#isLost = false;
    const reason = this.#wasOpen ? "container-started" : "initial";
    await Promise.all(containers.map((container) => onContainer(container, reason)));
  }

  #hear(message: EngineMessage): void {
    const { Action, Actor } = message;
    const { ID, Attributes } = Actor;
    if (Attributes[label.oneoff] === "True") return;
    const container = { id: ID, name: Attributes["name"] ?? ID, service: Attributes[label.service] ?? "" };
    // One that was paused may have missed deletes.
    if (Action === "start" || Action === "unpause")
      void this.#options.onContainer(container, "container-started");
    this.#options.onEvent(message, container);
  }
}

/** The project's containers, running or not, without one-off ones. */
export async function listFeedContainers(
  engine: Pick<EngineApi, "listContainers">,
  project: string,
  signal: AbortSignal,
): Promise<FeedContainer[]> {
  const containers = await engine.listContainers({
    filters: { label: [`${label.project}=${project}`, `${label.oneoff}=False`] },
    signal,
  });
  return containers.map(({ Id, Names, Labels }) => ({
    id: Id,
    name: Names[0]?.slice(1) ?? Id,
    service: Labels[label.service] ?? "",
  }));
}
