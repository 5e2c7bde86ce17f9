/**
 * One subscription to the engine's events for a whole run, shared by all waits. It is opened on first use, and
 * re-opened when the connection breaks; after each opening every listener is told to look again, so that what
 * happened in between is not missed.
 */
import type { ReadOnlyEngine } from "../docker/api.ts";
import type { EngineMessage, Filters } from "../docker/types.ts";
import { EngineProtocolError, EngineUnreachableError } from "../error.ts";

export type HubMessage =
  | { readonly type: "event"; readonly message: EngineMessage }
  /** Something may have been missed: look again. */
  | { readonly type: "reopened" }
  /** There will be no more events. */
  | { readonly type: "broken"; readonly error: unknown };

type Listener = (message: HubMessage) => void;

const REOPENINGS = 3;

export class EventHub {
  readonly #engine: ReadOnlyEngine;
  readonly #filters: Filters;
  readonly #listeners = new Set<{ readonly container: string | undefined; readonly listen: Listener }>();
  readonly #controller = new AbortController();
  #opened: Promise<void> | undefined;
  #broken: { readonly error: unknown } | undefined;

  constructor(engine: ReadOnlyEngine, filters: Filters) {
    this.#engine = engine;
    this.#filters = filters;
  }

  /** Resolves when the engine has accepted the subscription. Every caller gets the same one. */
  open(): Promise<void> {
    this.#opened ??= new Promise((resolve, reject) => {
      // Podman 4 answers an event request with its first event only: its waits look for themselves (see Readiness).
      if (this.#engine.flavour === "podman") resolve();
      this.#run(resolve).catch((error: Error) => {
        if (this.#controller.signal.aborted) return;
        this.#broken = { error };
        reject(error);
        this.#tell({ type: "broken", error });
      });
    });
    return this.#opened;
  }

  /** Calls back for events of one container, given by name or id, or (undefined) of all. The answer ends it. */
  listen(container: string | undefined, listen: Listener): () => void {
    const entry = { container, listen };
    this.#listeners.add(entry);
    if (this.#broken !== undefined) listen({ type: "broken", error: this.#broken.error });
    return () => this.#listeners.delete(entry);
  }

  close(): void {
    this.#controller.abort();
    this.#listeners.clear();
  }

  async #run(onFirstOpen: () => void): Promise<void> {
    const { signal } = this.#controller;
    for (let failures = 0; !signal.aborted;) {
      try {
        const onOpen = (): void => {
          onFirstOpen();
          this.#tell({ type: "reopened" });
        };
        for await (const message of this.#engine.events({ filters: this.#filters, signal, onOpen })) {
          failures = 0;
          this.#dispatch(message);
        }
        if (signal.aborted) return;
        throw new EngineProtocolError("the engine ended its event stream");
      } catch (error) {
        failures += 1;
        // An engine that cannot be reached any more has no containers to wait for either.
        if (signal.aborted) return;
        if (error instanceof EngineUnreachableError || failures > REOPENINGS) throw error;
      }
    }
  }

  #dispatch(message: EngineMessage): void {
    const { ID: id, Attributes: attributes } = message.Actor;
    for (const { container, listen } of this.#listeners) {
      const isMeant = container === undefined || container === id || container === attributes["name"];
      if (isMeant) listen({ type: "event", message });
    }
  }

  #tell(message: HubMessage): void {
    for (const { listen } of this.#listeners) listen(message);
  }
}
