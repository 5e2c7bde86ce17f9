/**
 * Asks the health test of a container more often than its `interval` says while somebody waits for it, so that a
 * dependant starts when its dependency is ready and not when the engine's next check is due.
 *
 * An exec costs the engine about 0.1 s of processor time: where the image has a shell, one exec loops inside the
 * container; elsewhere the test is run again and again, at intervals growing to one second.
 */
import { PassThrough } from "node:stream";
import type { EngineApi } from "../docker/api.ts";
import { TcomposeError } from "../error.ts";
import type { Clock } from "../execute/model.ts";
import { runExec } from "../exec/run-exec.ts";
import type { ContainerFacts } from "./facts.ts";
import { PROBE_EXPIRED, PROBE_SUCCESS, healthCommand, loopCommand } from "./probe-script.ts";

/** Exit codes with which an engine says that the program cannot be run. */
const CANNOT_RUN = new Set([126, 127]);
const FIRST_PAUSE_MS = 250;
const LAST_PAUSE_MS = 1_000;

type LoopEnd = "success" | "expired" | "no-shell" | "ended";

export class HealthProbe {
  /** `startedAt` of the container's life in which the test succeeded. */
  succeededLife: number | undefined;
  readonly #engine: EngineApi;
  readonly #clock: Clock;
  readonly #onSuccess: () => void;
  #life: number | undefined;
  #current: AbortController | undefined;

  constructor(engine: EngineApi, clock: Clock, onSuccess: () => void) {
    this.#engine = engine;
    this.#clock = clock;
    this.#onSuccess = onSuccess;
  }

  /** Probes this life of the container, once; a new life (a restart) is probed anew. */
  start(facts: ContainerFacts, signal: AbortSignal): void {
    if (facts.startedAt === this.#life || facts.healthcheck === undefined || signal.aborted) return;
    this.stop();
    const test = healthCommand(facts.healthcheck, facts.shell);
    if (test === undefined) return;
    this.#life = facts.startedAt;
    const controller = new AbortController();
    this.#current = controller;
    this.#run(facts, test, controller.signal).catch((error: unknown) => {
      // A probe is an extra: the engine's own check decides when it fails (no exec allowed, container ended).
      if (!(error instanceof TcomposeError)) throw error;
    });
  }

  /** Ends probing; a loop inside the container ends with its input. */
  stop(): void {
    this.#current?.abort();
    this.#current = undefined;
  }

  async #run(facts: ContainerFacts, test: readonly string[], signal: AbortSignal): Promise<void> {
    let end: LoopEnd;
    do end = await this.#loopInside(facts.id, test, signal);
    while (end === "expired" && !signal.aborted);
    if (end === "no-shell" && (await this.#repeatOutside(facts.id, test, signal))) end = "success";
    if (end !== "success" || signal.aborted) return;
    this.succeededLife = facts.startedAt;
    this.#onSuccess();
  }

  /** Success counts when the loop says so: the end of an exec is known some hundredths of a second later. */
  #loopInside(container: string, test: readonly string[], signal: AbortSignal): Promise<LoopEnd> {
    return new Promise((resolve, reject) => {
      let output = "";
      runExec(
        this.#engine,
        container,
        { cmd: loopCommand(test), stdin: new PassThrough() },
        {
          signal,
          clock: this.#clock,
          onOutput: ({ data }) => {
            output += data.toString("latin1");
            if (output.includes(PROBE_SUCCESS)) resolve("success");
          },
        },
      ).then(({ exitCode }) => resolve(endOf(exitCode)), reject);
    });
  }

  async #repeatOutside(container: string, test: readonly string[], signal: AbortSignal): Promise<boolean> {
    for (let pause = FIRST_PAUSE_MS; !signal.aborted; pause = Math.min(pause * 1.5, LAST_PAUSE_MS)) {
      const { exitCode } = await runExec(
        this.#engine,
        container,
        { cmd: test },
        { signal, clock: this.#clock },
      );
      if (exitCode === 0) return true;
      if (CANNOT_RUN.has(exitCode)) return false;
      await this.#clock.sleep(pause, signal);
    }
    return false;
  }
}

function endOf(exitCode: number): LoopEnd {
  if (exitCode === PROBE_EXPIRED) return "expired";
  return CANNOT_RUN.has(exitCode) ? "no-shell" : "ended";
}
