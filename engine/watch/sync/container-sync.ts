/**
 * Keeps one container equal to the host for the paths it is given: remembers what the container has acknowledged,
 * sends only what differs, by the fast way where the image allows it and by archive otherwise.
 */
import type { EngineApi } from "../../docker/api.ts";
import { AbortedError } from "../../error.ts";
import {
  orderChanges,
  readHostState,
  RealDirectories,
  type HostState,
  type Looking,
  type SyncChange,
  type SyncPath,
} from "./change.ts";
import type { Settling } from "../settling.ts";
import { groupRefused, type SyncFailure } from "./failure.ts";
import { GONE, plainOf } from "./fingerprint.ts";
import { guardMounts } from "./mounts.ts";
import { BURST, sendChanges, type Sent } from "./send.ts";
import type { SendTarget } from "./send-target.ts";
import { readContainerFacts, type ContainerFacts } from "./container-facts.ts";
import { ContainerShell } from "./container-shell.ts";
import { systemErrorCode } from "./system-error.ts";
import { newPatience, type Patience } from "./upload.ts";

export interface SyncReport {
  readonly written: number;
  readonly deleted: number;
  readonly bytes: number;
  readonly via: "shell" | "archive" | "none";
  /** Target paths that were sent. */
  readonly targets: readonly string[];
  /** Target paths that should have been deleted and could not be. They are not tried again. */
  readonly kept: readonly string[];
  /** Why; present with `kept`. */
  readonly keptReason?: string | undefined;
  /** What was refused; not acknowledged, so that the next call with these paths tries again. */
  readonly failed: readonly FailedSync[];
}

export interface FailedSync extends SyncFailure {
  /** Not told before for the same states of these paths. */
  readonly isNews: boolean;
}

export interface ContainerSyncOptions {
  readonly engine: EngineApi;
  /** Id or name. */
  readonly container: string;
  /** A host path that cannot be read is left out, and told here. */
  readonly onUnreadable: (path: string, error: unknown) => void;
  /** A host path has been read. */
  readonly onRead?: (path: string) => void;
  /** Leaves files alone that are still being written; they count as unchanged. */
  readonly settling?: Settling | undefined;
}

/** Contents held in memory at once, twice: one chunk is read while another is sent. */
const CHUNK_BYTES = 16 * 1024 * 1024;
/** States sent at once: the first are on their way while the rest is still being read. */
const CHUNK_STATES = 500;
const READS_AT_ONCE = 16;

export class ContainerSync {
  readonly #options: ContainerSyncOptions;
  /** Fingerprint of the host state that the container has acknowledged, by target path. */
  readonly #acknowledged = new Map<string, string>();
  /** Fingerprint of the host state that was refused last, by target path. */
  readonly #refused = new Map<string, string>();
  readonly #shell: ContainerShell;
  #facts: Promise<ContainerFacts> | undefined;
  #tail: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(options: ContainerSyncOptions) {
    this.#options = options;
    this.#shell = new ContainerShell(options.engine, options.container);
  }

  /** Opens the session ahead of the first change. Never rejects: the first sync meets the same error and says it. */
  async prepare(): Promise<void> {
    try {
      await this.#shell.open((await this.#readFacts()).owner);
    } catch {
      // Going away, or the engine does not answer: the next sync finds out.
    }
  }

  /** Takes host states, by target path, as already present: the image was built from them. */
  assume(states: ReadonlyMap<string, string>): void {
    for (const [target, fingerprint] of states) this.#acknowledged.set(target, fingerprint);
  }

  /** Host states that the container has, by target path. */
  get known(): ReadonlyMap<string, string> {
    return this.#acknowledged;
  }

  /** Target paths at or below `target` that the container is known to have. */
  knownBelow(target: string): string[] {
    const prefix = target === "/" ? "/" : `${target}/`;
    const known: string[] = [];
    for (const [path, fingerprint] of this.#acknowledged) {
      if (fingerprint !== GONE && (path === target || path.startsWith(prefix))) known.push(path);
    }
    return known;
  }

  /**
   * Brings the given paths up to date, as the host is now; calls run one after another. What the container refuses is
   * in the report. Rejects when the container cannot be reached; what was acknowledged before stays acknowledged, so
   * that the same call can be made again.
   */
  sync(paths: readonly SyncPath[], signal?: AbortSignal): Promise<SyncReport> {
    const turn = this.#tail.then(() => this.#sync(paths, signal));
    this.#tail = turn.catch(() => undefined);
    return turn;
  }

  close(): void {
    this.#closed = true;
    this.#shell.close();
  }

  async #sync(paths: readonly SyncPath[], signal: AbortSignal | undefined): Promise<SyncReport> {
    const tally = new Tally();
    const looking: Looking = { directories: new RealDirectories(), settling: this.#options.settling };
    let sending: Promise<void> = Promise.resolve();
    const patience = newPatience();
    let isBurst = false;
    try {
      for (let from = 0; from < paths.length;) {
        signal?.throwIfAborted();
        const { states, next } = await this.#readChunk(paths, from, looking);
        from = next;
        if (states.size === 0) continue;
        isBurst ||= states.size > BURST;
        // One chunk is read while the one before is on its way.
        await sending;
        sending = this.#send(states, tally, { isBurst, patience, signal });
        sending.catch(() => undefined);
      }
    } finally {
      await sending;
    }
    return tally.report();
  }

  async #send(
    states: ReadonlyMap<string, HostState>,
    tally: Tally,
    options: {
      readonly isBurst: boolean;
      readonly patience: Patience;
      readonly signal: AbortSignal | undefined;
    },
  ): Promise<void> {
    const all = [...states.values()].map((state) => state.change);
    // The chunk before may have put a file or a link over a directory: what stood below is gone with it.
    const known = all.filter((change) => change.kind !== "delete" || this.#has(change.target));
    const target = await this.#target();
    const guarded = guardMounts(known, target.facts, (path) => this.knownBelow(path));
    const changes = orderChanges(guarded.changes);
    const sent = await sendChanges(target, changes, options);
    const failures = [...sent.failed, ...groupRefused(guarded.refused)];
    const failed = failures.map((failure) => this.#remember(failure, states));
    const open = new Set([...sent.waiting, ...failed.flatMap(({ targets }) => targets)]);
    for (const [target, state] of states) {
      if (open.has(target)) continue;
      this.#acknowledge(target, state.fingerprint);
      tally.targets.push(target);
    }
    tally.add(
      changes.filter(({ target }) => !open.has(target)),
      sent,
      failed,
    );
  }

  #remember(failure: SyncFailure, states: ReadonlyMap<string, HostState>): FailedSync {
    let isNews = false;
    for (const target of failure.targets) {
      const state = plainOf(states.get(target)?.fingerprint ?? GONE);
      // By state alone: the way it was sent decides whose words the reason is in.
      isNews ||= this.#refused.get(target) !== state;
      this.#refused.set(target, state);
    }
    return { ...failure, isNews };
  }

  #has(target: string): boolean {
    const known = this.#acknowledged.get(target);
    return known !== undefined && known !== GONE;
  }

  async #target(): Promise<SendTarget> {
    if (this.#closed) throw new AbortedError();
    const { engine, container } = this.#options;
    return { engine, container, shell: this.#shell, facts: await this.#readFacts() };
  }

  async #readFacts(): Promise<ContainerFacts> {
    const { engine, container } = this.#options;
    this.#facts ??= readContainerFacts(engine, container);
    try {
      return await this.#facts;
    } catch (error) {
      this.#facts = undefined;
      throw error;
    }
  }

  #acknowledge(target: string, fingerprint: string): void {
    const wasDirectory = this.#acknowledged.get(target)?.startsWith("d:") ?? false;
    this.#acknowledged.set(target, fingerprint);
    this.#refused.delete(target);
    if (!wasDirectory || fingerprint.startsWith("d:")) return;
    // What stood below it went with it; a link there must not be mistaken for the old directory.
    for (const known of this.#acknowledged.keys()) {
      if (known.startsWith(`${target}/`)) this.#acknowledged.delete(known);
    }
  }

  async #readChunk(
    paths: readonly SyncPath[],
    from: number,
    looking: Looking,
  ): Promise<{ states: Map<string, HostState>; next: number }> {
    const states = new Map<string, HostState>();
    let bytes = 0;
    let next = from;
    while (next < paths.length && bytes < CHUNK_BYTES && states.size < CHUNK_STATES) {
      const some = paths.slice(next, next + READS_AT_ONCE);
      next += some.length;
      for (const state of await Promise.all(some.map((path) => this.#read(path, looking)))) {
        if (state === "unchanged") continue;
        states.set(state.change.target, state);
        if (state.change.kind === "file") bytes += state.change.content.length;
      }
    }
    return { states, next };
  }

  async #read(path: SyncPath, looking: Looking): Promise<HostState | "unchanged"> {
    try {
      const state = await readHostState(path, this.#acknowledged.get(path.target), looking);
      if (state !== "unchanged") this.#options.onRead?.(path.source);
      return state;
    } catch (error) {
      if (systemErrorCode(error) === undefined) throw error;
      this.#options.onUnreadable(path.source, error);
      return "unchanged";
    }
  }
}

/** What the chunks of one sync come to. */
class Tally {
  readonly targets: string[] = [];
  readonly #kept: string[] = [];
  readonly #failed: FailedSync[] = [];
  #keptReason: string | undefined;
  #via: SyncReport["via"] = "none";
  #written = 0;
  #deleted = 0;
  #bytes = 0;

  /** `changes`: those that arrived. */
  add(changes: readonly SyncChange[], sent: Sent, failed: readonly FailedSync[]): void {
    this.#failed.push(...failed);
    for (const change of changes) {
      if (change.kind !== "delete") this.#written += 1;
      if (change.kind === "file") this.#bytes += change.content.length;
    }
    this.#deleted += sent.deleted;
    this.#kept.push(...sent.kept);
    this.#keptReason ??= sent.keptReason;
    if (sent.via !== "none" && this.#via !== "archive") this.#via = sent.via;
  }

  report(): SyncReport {
    return {
      written: this.#written,
      deleted: this.#deleted,
      bytes: this.#bytes,
      via: this.#via,
      targets: this.targets,
      kept: this.#kept,
      failed: this.#failed,
      ...(this.#keptReason === undefined ? {} : { keptReason: this.#keptReason }),
    };
  }
}
