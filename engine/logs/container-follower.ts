/** Follows the log of one container from life to life. */
import type { ReadOnlyEngine } from "../docker/api.ts";
import type { ContainerInspect, EngineMessage } from "../docker/types.ts";
import { EngineResponseError, isNotFound } from "../error.ts";
import { systemClock } from "../execute/clock.ts";
import { errorFacts } from "../execute/error-facts.ts";
import { Latch } from "../readiness/latch.ts";
import { Cursor } from "./cursor.ts";
import { isActive, type EmitLogs, type LogRange, type LogState, type LogTarget } from "./model.ts";
import { normalizeTimestamp, toUnixSeconds } from "./timestamp.ts";
import { readContainer, type LogBlock, type ReadOptions } from "./read-container.ts";

export interface ContainerFollowerOptions {
  readonly engine: ReadOnlyEngine;
  readonly target: LogTarget;
  readonly range: LogRange;
  /** What it wrote before its current start is not wanted. */
  readonly isThisLifeOnly: boolean;
  readonly emit: EmitLogs;
  /** The container has nothing more to say unless it is started again. */
  readonly onIdle: () => void;
  readonly signal: AbortSignal;
}

/** How many lines to look at for what a stream left out at its end: few, for the engine reads them from the end. */
const LAST_WORDS = 100;
/** How much earlier than `StartedAt` a process may have written, on a busy machine. */
const NOTED_LATE_SECONDS = 1;
const FOR_EVER_MS = 2 ** 31 - 1;

export class ContainerFollower {
  /** Does not run, and everything that it wrote has been handed on. */
  isIdle = false;
  readonly #options: ContainerFollowerOptions;
  readonly #latch = new Latch();
  readonly #cursor = new Cursor();
  #name: string;
  #exitCode: number | undefined;
  /** `StartedAt` of the life that was read last. */
  #readLife: string | undefined;
  #isRemoved = false;
  /** A life was announced whose end was not. */
  #isEndDue = false;
  /** It was started, or ran, since somebody looks: a life that is over by now counts, too. */
  #isBegun: boolean;

  constructor(options: ContainerFollowerOptions) {
    this.#options = options;
    const { name, state } = options.target;
    this.#name = name;
    this.#isBegun = options.isThisLifeOnly || (state !== undefined && isActive(state));
  }

  hear(message: EngineMessage): void {
    const attributes = message.Actor.Attributes;
    if (message.Action === "die") this.#exitCode = Number(attributes["exitCode"] ?? "0");
    if (message.Action === "rename") this.#name = attributes["name"] ?? this.#name;
    if (message.Action === "destroy") this.#isRemoved = true;
    if (message.Action === "start") {
      this.isIdle = false;
      this.#isBegun = true;
    }
    this.wake();
  }

  wake(): void {
    this.#latch.ring();
  }

  /** Ends when the container is removed; rejects with AbortedError when the signal aborts. */
  async run(): Promise<void> {
    while (!this.#isRemoved) {
      const now = await this.#inspect();
      if (now === undefined) break;
      await this.#tellEnd(now);
      // A life is read once: a stream that ends while its container runs on was ended by the engine for good.
      if (now.State.StartedAt === this.#readLife || now.State.Status === "created") await this.#rest(now);
      else await this.#readOneLife(now);
    }
    await this.#tell("removed");
    this.isIdle = true;
    this.#options.onIdle();
  }

  async #readOneLife(now: ContainerInspect): Promise<void> {
    const isFirst = this.#readLife === undefined;
    this.#readLife = now.State.StartedAt;
    const isBegun = this.#isBegun;
    this.#isBegun = false;
    if (isBegun || isActive(now.State.Status)) {
      this.isIdle = false;
      this.#isEndDue = true;
      await this.#tell(isFirst ? "attached" : "started");
    }
    try {
      const { range, isThisLifeOnly } = this.#options;
      const { tail = "all" } = range;
      const since = isThisLifeOnly ? endOfLifeBefore(now, range.since) : range.since;
      const resume = this.#cursor.resume();
      await this.#read(now, {
        follow: true,
        ...(isFirst || resume === undefined ? { since, tail } : { since: resume }),
      });
      // Docker ends the stream with the process, sometimes before its last words are written.
      const rest = this.#cursor.resume() ?? since;
      if (rest !== undefined || tail === "all") await this.#read(now, { since: rest, tail: LAST_WORDS });
    } catch (error) {
      // Removed meanwhile: the next look finds out.
      if (isNotFound(error)) return;
      // Not every log driver can be read: the container is followed for its state then.
      if (!(error instanceof EngineResponseError)) throw error;
      const { service } = this.#options.target;
      await this.#options.emit({
        type: "unreadable",
        service,
        container: this.#name,
        error: errorFacts(error),
      });
    }
  }

  /** Tells how the life that was announced ended, once it has. */
  async #tellEnd({ State: state }: ContainerInspect): Promise<void> {
    const runs = state.StartedAt === this.#readLife && state.Running && !state.Restarting;
    if (!this.#isEndDue || runs) return;
    this.#isEndDue = false;
    const exitCode = this.#exitCode ?? state.ExitCode;
    this.#exitCode = undefined;
    await this.#tell(isActive(state.Status) ? "restarting" : "exited", exitCode);
  }

  async #read(
    inspect: ContainerInspect,
    options: Pick<ReadOptions, "since" | "tail" | "follow">,
  ): Promise<void> {
    const { engine, target, range, signal } = this.#options;
    const tty = inspect.Config.Tty === true;
    const all = { ...options, until: range.until, tty, timestamps: true, signal };
    for await (const block of readContainer(engine, target.id, all)) {
      const fresh = this.#cursor.accept(block);
      const pressure = fresh.lines.length === 0 ? undefined : this.#emitLines(fresh);
      if (pressure !== undefined) await pressure;
    }
    signal.throwIfAborted();
  }

  #emitLines({ stream, lines, timestamps }: LogBlock): void | Promise<void> {
    return this.#options.emit({
      type: "lines",
      service: this.#options.target.service,
      container: this.#name,
      stream,
      lines,
      ...(this.#options.range.timestamps === true ? { timestamps } : {}),
    });
  }

  async #tell(state: LogState["state"], exitCode?: number): Promise<void> {
    const { service } = this.#options.target;
    const end = exitCode === undefined ? {} : { exitCode };
    await this.#options.emit({ type: "container-state", service, container: this.#name, state, ...end });
  }

  /** Sleeps until the container's next event. */
  async #rest(inspect: ContainerInspect): Promise<void> {
    if (!isActive(inspect.State.Status)) {
      this.isIdle = true;
      this.#options.onIdle();
    }
    await this.#latch.wait(systemClock, FOR_EVER_MS, this.#options.signal);
  }

  async #inspect(): Promise<ContainerInspect | undefined> {
    try {
      return await this.#options.engine.inspectContainer(this.#options.target.id, {
        signal: this.#options.signal,
      });
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }
}

/**
 * The engine keeps the end of the life before until this one has ended, too. It is used rather than `StartedAt`, which
 * is noted a moment after the process has begun to write.
 *
 * @param begin of the run that started the container, in seconds by this machine's clock
 */
function endOfLifeBefore({ State: state }: ContainerInspect, begin: string | undefined): string | undefined {
  const finished = Date.parse(state.FinishedAt);
  if (!(finished > 0)) return undefined;
  if (state.Running && !state.Restarting) return toUnixSeconds(normalizeTimestamp(state.FinishedAt), 1);
  // Over already, so when the life before ended is forgotten. (The times of a brief life may be in the wrong order.)
  const started = Math.min(Date.parse(state.StartedAt), finished) / 1000;
  const isPlausible = begin !== undefined && Number(begin) <= started;
  return isPlausible ? begin : String(started - NOTED_LATE_SECONDS);
}
