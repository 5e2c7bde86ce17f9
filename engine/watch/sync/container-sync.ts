/**
 * Keeps one container equal to the host for the paths it is given: remembers what the container has acknowledged,
 * sends only what differs, by the fast way where the image allows it and by archive otherwise.
 */
import type { EngineApi } from "../../docker/api.ts";
import { RefusedError } from "../../error.ts";
import { uploadChanges, type Upload } from "./archive.ts";
import { GONE, orderChanges, readHostState, type SyncChange, type SyncPath } from "./change.ts";
import { systemErrorCode } from "./system-error.ts";
import { openShellSession, ShellSession } from "./shell-session.ts";

export interface SyncReport {
  readonly written: number;
  readonly deleted: number;
  readonly bytes: number;
  readonly via: "shell" | "archive" | "none";
}

export interface ContainerSyncOptions {
  readonly engine: EngineApi;
  /** Id or name. */
  readonly container: string;
  /** User of the shell; undefined: root, which may write anywhere and keep owners. */
  readonly user?: string;
  /** A host path that cannot be read is left out, and told here. */
  readonly onUnreadable: (path: string, error: unknown) => void;
}

/** More changes than this at once are cheaper in one archive. */
const SHELL_BATCH_LIMIT = 24;
/** Contents held in memory at once. */
const CHUNK_BYTES = 32 * 1024 * 1024;
const READS_AT_ONCE = 16;

export class ContainerSync {
  readonly #options: ContainerSyncOptions;
  /** Fingerprint of the host state that the container has acknowledged, by target path. */
  readonly #acknowledged = new Map<string, string>();
  #tail: Promise<unknown> = Promise.resolve();
  #shell: ShellSession | undefined;
  /** Why there is no shell; found out once. */
  #noShell: string | undefined;

  constructor(options: ContainerSyncOptions) {
    this.#options = options;
  }

  /** Opens the session ahead of the first change. Never rejects: without a shell the archive is used. */
  async prepare(): Promise<void> {
    try {
      await this.#openShell();
    } catch {
      // Not running, or going away: the next sync finds out and says so.
    }
  }

  /** Takes host states, by target path, as already present: the image was built from them. */
  assume(states: ReadonlyMap<string, string>): void {
    for (const [target, fingerprint] of states) this.#acknowledged.set(target, fingerprint);
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
   * Brings the given paths up to date, as the host is now; calls run one after another. Rejects when a change could
   * not be applied; what was acknowledged before stays acknowledged, so that the same call can be made again.
   */
  sync(paths: readonly SyncPath[], signal?: AbortSignal): Promise<SyncReport> {
    const turn = this.#tail.then(() => this.#sync(paths, signal));
    this.#tail = turn.catch(() => undefined);
    return turn;
  }

  async #sync(paths: readonly SyncPath[], signal: AbortSignal | undefined): Promise<SyncReport> {
    const totals = { written: 0, deleted: 0, bytes: 0, via: "none" as SyncReport["via"] };
    let from = 0;
    while (from < paths.length) {
      signal?.throwIfAborted();
      const chunk = await this.#readChunk(paths, from);
      from = chunk.next;
      if (chunk.states.size === 0) continue;
      const changes = orderChanges([...chunk.states.values()].map((state) => state.change));
      const via = await this.#send(changes, signal);
      for (const [target, state] of chunk.states) this.#acknowledge(target, state.fingerprint);
      totals.via = totals.via === "archive" ? "archive" : via;
      for (const change of changes) {
        if (change.kind === "delete") totals.deleted += 1;
        else totals.written += 1;
        if (change.kind === "file") totals.bytes += change.content.length;
      }
    }
    return totals;
  }

  close(): void {
    this.#shell?.close();
    this.#shell = undefined;
  }

  #acknowledge(target: string, fingerprint: string): void {
    const wasDirectory = this.#acknowledged.get(target)?.startsWith("d:") ?? false;
    this.#acknowledged.set(target, fingerprint);
    if (!wasDirectory || fingerprint.startsWith("d:")) return;
    // What stood below it went with it; a link there must not be mistaken for the old directory.
    for (const known of this.#acknowledged.keys()) {
      if (known.startsWith(`${target}/`)) this.#acknowledged.delete(known);
    }
  }

  async #readChunk(
    paths: readonly SyncPath[],
    from: number,
  ): Promise<{ states: Map<string, { change: SyncChange; fingerprint: string }>; next: number }> {
    const states = new Map<string, { change: SyncChange; fingerprint: string }>();
    let bytes = 0;
    let next = from;
    while (next < paths.length && bytes < CHUNK_BYTES) {
      const some = paths.slice(next, next + READS_AT_ONCE);
      next += some.length;
      const read = await Promise.all(
        some.map(async (path) => {
          try {
            return await readHostState(path, this.#acknowledged.get(path.target));
          } catch (error) {
            if (systemErrorCode(error) === undefined) throw error;
            this.#options.onUnreadable(path.source, error);
            return "unchanged";
          }
        }),
      );
      for (const state of read) {
        if (state === "unchanged") continue;
        states.set(state.change.target, state);
        if (state.change.kind === "file") bytes += state.change.content.length;
      }
    }
    return { states, next };
  }

  async #send(changes: readonly SyncChange[], signal: AbortSignal | undefined): Promise<"shell" | "archive"> {
    const small =
      changes.length <= SHELL_BATCH_LIMIT && changes.every((change) => ShellSession.accepts(change));
    if (small) {
      const shell = await this.#openShell();
      if (shell !== undefined && (await this.#sendByShell(shell, changes))) return "shell";
    }
    await this.#delete(changes.filter((change) => change.kind === "delete"));
    await uploadChanges(this.#options.engine, this.#options.container, changes.filter(isUpload), signal);
    return "archive";
  }

  /** False when the shell failed: the archive way then gives the engine's own account of what is wrong. */
  async #sendByShell(shell: ShellSession, changes: readonly SyncChange[]): Promise<boolean> {
    const results = await Promise.allSettled(changes.map((change) => shell.apply(change)));
    return results.every((result) => result.status === "fulfilled");
  }

  async #delete(deletes: readonly SyncChange[]): Promise<void> {
    if (deletes.length === 0) return;
    const shell = await this.#openShell();
    if (shell === undefined) {
      const names = deletes.slice(0, 3).map((change) => change.target);
      throw new RefusedError(
        `cannot delete ${names.join(", ")} in the container: ${this.#noShell ?? "it does not run"}`,
        { hint: "use action rebuild or sync+restart for this path, or an image that has a shell" },
      );
    }
    await Promise.all(deletes.map((change) => shell.apply(change)));
  }

  async #openShell(): Promise<ShellSession | undefined> {
    if (this.#shell !== undefined && !this.#shell.closed) return this.#shell;
    if (this.#noShell !== undefined) return undefined;
    const { engine, container, user } = this.#options;
    const { State } = await engine.inspectContainer(container);
    if (!State.Running || State.Paused) return undefined;
    const opened = await openShellSession(engine, container, user ?? "0");
    if (opened.kind === "none") {
      this.#noShell = opened.reason;
      return undefined;
    }
    this.#shell = opened.session;
    return this.#shell;
  }
}

function isUpload(change: SyncChange): change is Upload {
  return change.kind !== "delete";
}
