/**
 * Waiting until containers are started, healthy, completed or running. Everything is learnt from the engine's
 * events; each event makes the wait look at the container once. What is ready already costs one look.
 *
 * Podman's compatible API does not report health in its events (and runs health checks only where systemd does):
 * there, and only there, a wait also looks again by itself, at intervals growing from 0.1 to 2 seconds.
 */
import { setMaxListeners } from "node:events";
import type { EngineApi } from "../docker/api.ts";
import { AbortedError } from "../error.ts";
import type { Clock } from "../execute/model.ts";
import { label } from "../labels.ts";
import type { ReadyWait } from "../plan/operation.ts";
import { ContainerWait, NotReady } from "./container-wait.ts";
import { EventHub } from "./event-hub.ts";
import { notReadyError } from "./failure-report.ts";

export interface ReadinessOptions {
  readonly clock: Clock;
  readonly project: string;
  /** How long a container without health check must run to count as running. */
  readonly stableMs?: number;
  /** Restarts during a wait after which a container counts as crashing. */
  readonly maxRestarts?: number;
}

export type OnState = (container: string, state: string) => void;

const DEFAULT_STABLE_MS = 500;
const DEFAULT_MAX_RESTARTS = 5;
/** Event names are matched by their beginning. */
const EVENTS = ["start", "die", "health_status", "destroy", "restart", "unpause"];

export class Readiness {
  readonly #engine: EngineApi;
  readonly #options: ReadinessOptions;
  readonly #hub: EventHub;

  constructor(engine: EngineApi, options: ReadinessOptions) {
    this.#engine = engine;
    this.#options = options;
    this.#hub = new EventHub(engine, {
      type: ["container"],
      event: EVENTS,
      label: [`${label.project}=${options.project}`],
    });
  }

  /** Opens the event subscription ahead of the first wait. A failure is told to whoever waits. */
  prepare(): void {
    this.#hub.open().catch(() => undefined);
  }

  /** Resolves when all containers meet the condition; rejects with an OperationError that says why one does not. */
  async wait(operation: ReadyWait, onState: OnState, signal: AbortSignal): Promise<void> {
    const stop = new AbortController();
    const stopAll = (): void => stop.abort();
    signal.addEventListener("abort", stopAll, { once: true });
    if (signal.aborted) stopAll();
    // One listener a container and call: more than ten is no leak here.
    setMaxListeners(0, stop.signal);
    const waits = operation.containers.map((container) => this.#begin(operation, container, onState));
    const timer = this.#timeout(operation, waits, stop.signal);
    try {
      await Promise.race([Promise.all(waits.map((wait) => wait.run(stop.signal))), timer]);
    } catch (error) {
      if (signal.aborted) throw new AbortedError();
      if (!(error instanceof NotReady)) throw error;
      throw await notReadyError(this.#engine, operation, error.container, error.failure, signal);
    } finally {
      signal.removeEventListener("abort", stopAll);
      stopAll();
    }
  }

  close(): void {
    this.#hub.close();
  }

  #begin(operation: ReadyWait, container: string, onState: OnState): ContainerWait {
    return new ContainerWait({
      engine: this.#engine,
      hub: this.#hub,
      clock: this.#options.clock,
      container,
      probe: operation.probe !== false,
      onState: (state) => onState(container, state),
      assess: {
        condition: operation.condition,
        exitZeroIsDone: operation.exitZeroIsDone === true,
        stableMs: operation.stableMs ?? this.#options.stableMs ?? DEFAULT_STABLE_MS,
        maxRestarts: this.#options.maxRestarts ?? DEFAULT_MAX_RESTARTS,
      },
    });
  }

  /** Never resolves: rejects at the timeout, naming a container that is still pending. */
  async #timeout(operation: ReadyWait, waits: readonly ContainerWait[], signal: AbortSignal): Promise<never> {
    const { timeoutMs } = operation;
    if (timeoutMs !== undefined) {
      const elapsed = await this.#options.clock.sleep(timeoutMs, signal).then(
        () => true,
        () => false,
      );
      const pending = waits.find((wait) => !wait.isReady);
      if (elapsed && pending !== undefined)
        throw new NotReady(pending.container, { reason: "timeout", timeoutMs });
    }
    return new Promise<never>(() => undefined);
  }
}
