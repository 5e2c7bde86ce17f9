/**
 * Watches exactly the given roots and says which paths may have changed: by kernel events where they can be trusted,
 * otherwise by polling. Nobody may rely on the kind of an event: whoever receives a path looks at the host.
 */
import { platform } from "node:os";
import { dirname } from "node:path";
import { ChokidarWatch, type ChokidarWatchOptions } from "./chokidar-watch.ts";
import { DirectoryWatch } from "./directory-watch.ts";
import { exceededLimit, isLocalFileSystem, readLimit, type WatchLimit } from "./inotify.ts";
import type { IsIgnored } from "./scan.ts";
import { SilenceProbe } from "./silence-probe.ts";
import { isMissing } from "./sync/system-error.ts";
import type { TreeWatch, TreeWatchOptions, WatchRoot } from "./tree-watch.ts";

export type WatcherNotice =
  /** Events are silent on this mount: polling instead. */
  | { readonly type: "polling"; readonly root: string; readonly reason: "silent" }
  | {
      readonly type: "polling";
      readonly reason: "limit";
      readonly limit: WatchLimit;
      readonly allowed: number | undefined;
      readonly needed: number;
    }
  | { readonly type: "error"; readonly message: string };

export interface FileWatcherOptions {
  readonly roots: readonly WatchRoot[];
  readonly isIgnored: IsIgnored;
  readonly onPath: (path: string) => void;
  readonly onNotice: (notice: WatcherNotice) => void;
  /** Polls from the beginning: a watcher before this one had to, and has said so. */
  readonly polls?: boolean | undefined;
  /** Overrides the test for trustworthy file systems. */
  readonly isLocal?: (path: string) => Promise<boolean>;
  /** Overrides chokidar's own function, and has it used for events as well. */
  readonly watch?: ChokidarWatchOptions["watch"];
  /** Overrides the reading of a limit. */
  readonly readLimit?: (limit: WatchLimit) => Promise<number | undefined>;
}

/** Milliseconds between two looks when polling: a tree ten times as large is looked at less often. */
const SHORTEST_POLL_MS = 300;
const LONGEST_POLL_MS = 3_000;
const POLLED_A_MS = 10;

export class FileWatcher {
  readonly #options: FileWatcherOptions;
  #watch: TreeWatch | undefined;
  #polling = false;
  #closed = false;
  #probe: SilenceProbe | undefined;
  #fallingBack: Promise<void> | undefined;

  constructor(options: FileWatcherOptions) {
    this.#options = options;
  }

  get polling(): boolean {
    return this.#polling;
  }

  /** Resolves when everything below the roots is watched. */
  async start(): Promise<void> {
    if (this.#options.polls === true) return this.#startPolling();
    this.#watch = this.#createEvents();
    await this.#watch.start();
    await this.#fallingBack;
    if (this.#polling || this.#closed) return;
    await this.#probeSilence();
  }

  /** After many changes at once: the kernel drops events when they come faster than they are read. */
  async refresh(): Promise<void> {
    await this.#watch?.refresh();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#probe?.close();
    await this.#watch?.close();
    this.#watch = undefined;
  }

  #createEvents(): TreeWatch {
    const { watch } = this.#options;
    return watch === undefined && platform() === "linux"
      ? new DirectoryWatch(this.#treeOptions())
      : new ChokidarWatch({ ...this.#treeOptions(), pollEvery: undefined, watch });
  }

  #treeOptions(): TreeWatchOptions {
    const { roots, isIgnored, onPath } = this.#options;
    return {
      roots,
      isIgnored,
      onPath: (path) => {
        this.#probe?.hear(path);
        if (!this.#closed) onPath(path);
      },
      onError: (error) => {
        void this.#failed(error);
      },
    };
  }

  async #failed(error: unknown): Promise<void> {
    const limit = exceededLimit(error);
    if (limit === undefined) {
      // A path that went away, or a link to itself: nothing to watch there, and nothing to tell.
      if (isMissing(error)) return;
      this.#options.onNotice({
        type: "error",
        message: error instanceof Error ? error.message : String(error),
      });
      return;
    }
    const needed = this.#watch?.count ?? 0;
    const allowed = await (this.#options.readLimit ?? readLimit)(limit);
    await this.#fallBack({ type: "polling", reason: "limit", limit, allowed, needed });
  }

  #fallBack(notice: WatcherNotice): Promise<void> {
    if (this.#closed) return Promise.resolve();
    if (this.#fallingBack === undefined) {
      this.#options.onNotice(notice);
      this.#fallingBack = this.#startPolling();
    }
    return this.#fallingBack;
  }

  async #startPolling(): Promise<void> {
    this.#polling = true;
    const pollEvery = Math.min(
      LONGEST_POLL_MS,
      Math.max(SHORTEST_POLL_MS, (this.#watch?.paths ?? 0) / POLLED_A_MS),
    );
    const before = this.#watch;
    const { watch } = this.#options;
    const polling = new ChokidarWatch({ ...this.#treeOptions(), pollEvery, watch });
    this.#watch = polling;
    await before?.close();
    await polling.start();
    const probe = this.#probe;
    this.#probe = undefined;
    probe?.close();
    // What changed without a word before, and while polling began.
    for (const path of (await probe?.changes()) ?? []) if (!this.#closed) this.#options.onPath(path);
    if (this.#closed) await polling.close();
  }

  /** Roots on file systems of unknown behaviour are looked at now and then. */
  async #probeSilence(): Promise<void> {
    const isLocal = this.#options.isLocal ?? isLocalFileSystem;
    const roots: string[] = [];
    for (const { path, isFile } of this.#options.roots)
      if (!(await isLocal(isFile ? dirname(path) : path))) roots.push(path);
    if (roots.length === 0) return;
    this.#probe = new SilenceProbe({
      roots,
      isIgnored: (path, isDirectory) => !roots.includes(path) && this.#options.isIgnored(path, isDirectory),
      onSilent: (root) => void this.#fallBack({ type: "polling", root, reason: "silent" }),
    });
    await this.#probe.start();
  }
}
