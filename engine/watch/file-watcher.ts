/**
 * Watches exactly the given roots with chokidar and says which paths may have changed. Raw kernel events are passed
 * on as they come (they arrive first, and chokidar leaves out pure mode changes); chokidar's own events follow and
 * cover new directories. Nobody may rely on the kind of an event: whoever receives a path looks at the host.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { type ChokidarOptions, type FSWatcher, watch } from "chokidar";
import { exceededLimit, isLocalFileSystem, readLimit, type WatchLimit } from "./inotify.ts";
import type { IsIgnored } from "./scan.ts";
import { isMissing } from "./sync/system-error.ts";

export interface WatchRoot {
  /** Absolute; a file, a directory, or a path that does not exist yet. */
  readonly path: string;
  readonly isFile: boolean;
}

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
  /** Overrides the test for trustworthy file systems. */
  readonly isLocal?: (path: string) => Promise<boolean>;
  /** Overrides chokidar's own function. */
  readonly watch?: (paths: string[], options: ChokidarOptions) => FSWatcher;
  /** Overrides the reading of a limit. */
  readonly readLimit?: (limit: WatchLimit) => Promise<number | undefined>;
}

const CANARY_WAIT_MS = 400;
/** Milliseconds between two looks when polling: a tree ten times as large is looked at less often. */
const SHORTEST_POLL_MS = 300;
const LONGEST_POLL_MS = 3_000;
const POLLED_A_MS = 10;

export class FileWatcher {
  readonly #options: FileWatcherOptions;
  #watcher: FSWatcher | undefined;
  #polling = false;
  #pollInterval = SHORTEST_POLL_MS;
  #closed = false;
  #giveUp: () => void = () => undefined;
  #fallingBack: Promise<void> | undefined;
  readonly #fileRoots: ReadonlyMap<string, ReadonlySet<string>>;

  constructor(options: FileWatcherOptions) {
    this.#options = options;
    this.#fileRoots = groupByDirectory(options.roots.filter((root) => root.isFile));
  }

  get polling(): boolean {
    return this.#polling;
  }

  /** Resolves when everything below the roots is watched. */
  async start(): Promise<void> {
    await this.#watch();
    await this.#fallingBack;
    if (this.#polling || this.#closed) return;
    const silent = await this.#silentRoot();
    if (silent !== undefined) await this.#fallBack({ type: "polling", root: silent, reason: "silent" });
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#giveUp();
    await this.#watcher?.close();
    this.#watcher = undefined;
  }

  async #watch(): Promise<void> {
    const paths = this.#options.roots.map((root) => (root.isFile ? dirname(root.path) : root.path));
    const watcher = (this.#options.watch ?? watch)([...new Set(paths)], this.#chokidarOptions());
    this.#watcher = watcher;
    watcher.on("all", (_event, path) => {
      this.#report(path);
    });
    watcher.on("raw", (_event, path, details: unknown) => {
      this.#reportRaw(path, details);
    });
    watcher.on("error", (error) => {
      void this.#failed(error);
    });
    await new Promise<void>((resolve) => {
      watcher.once("ready", resolve);
      // A watcher that is given up on the way never becomes ready.
      this.#giveUp = resolve;
    });
  }

  #chokidarOptions(): ChokidarOptions {
    return {
      ignoreInitial: true,
      followSymlinks: false,
      ignorePermissionErrors: true,
      atomic: false,
      usePolling: this.#polling,
      interval: this.#pollInterval,
      binaryInterval: this.#pollInterval,
      ignored: (path, stats) => this.#leaveOut(path, stats?.isDirectory() ?? false),
    };
  }

  /** A file root is watched through its directory, so that a file which is replaced stays watched. */
  #leaveOut(path: string, isDirectory: boolean): boolean {
    if (this.#fileRoots.has(path)) return false;
    const siblings = this.#fileRoots.get(dirname(path));
    if (siblings?.has(path) === true) return false;
    if (siblings !== undefined && !this.#insideDirectoryRoot(path)) return true;
    return this.#options.isIgnored(path, isDirectory);
  }

  #insideDirectoryRoot(path: string): boolean {
    return this.#options.roots.some(
      (root) => !root.isFile && (path === root.path || path.startsWith(`${root.path}/`)),
    );
  }

  #report(path: string): void {
    if (!this.#closed) this.#options.onPath(path);
  }

  #reportRaw(path: unknown, details: unknown): void {
    if (typeof path !== "string" || typeof details !== "object" || details === null) return;
    // Polling brings the path itself with both states, also for a change of the mode alone.
    if ("curr" in details) this.#report(path);
    if (!("watchedPath" in details) || typeof details.watchedPath !== "string") return;
    const { watchedPath } = details;
    // The watched path is a directory with an entry of that name, or the file itself.
    const entry = join(watchedPath, path);
    if (basename(watchedPath) === path && !this.#leaveOut(watchedPath, false)) this.#report(watchedPath);
    if (!this.#leaveOut(entry, false)) this.#report(entry);
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
    const needed = this.#watchedCount();
    const allowed = await (this.#options.readLimit ?? readLimit)(limit);
    await this.#fallBack({ type: "polling", reason: "limit", limit, allowed, needed });
  }

  #watchedCount(): number {
    const watched = this.#watcher?.getWatched() ?? {};
    return Object.values(watched).reduce((sum, names) => sum + names.length + 1, 0);
  }

  #fallBack(notice: WatcherNotice): Promise<void> {
    if (this.#closed) return Promise.resolve();
    this.#fallingBack ??= this.#startPolling(notice);
    return this.#fallingBack;
  }

  async #startPolling(notice: WatcherNotice): Promise<void> {
    this.#polling = true;
    this.#pollInterval = Math.min(
      LONGEST_POLL_MS,
      Math.max(SHORTEST_POLL_MS, this.#watchedCount() / POLLED_A_MS),
    );
    this.#options.onNotice(notice);
    const before = this.#watcher;
    const giveUp = this.#giveUp;
    await before?.close();
    const polling = this.#closed ? undefined : this.#watch();
    giveUp();
    await polling;
  }

  /** A root on a file system of unknown behaviour that shows no event for a change made there. */
  async #silentRoot(): Promise<string | undefined> {
    const isLocal = this.#options.isLocal ?? isLocalFileSystem;
    for (const root of this.#options.roots) {
      const directory = root.isFile ? dirname(root.path) : root.path;
      if ((await isLocal(directory)) || (await this.#canaryShows(directory))) continue;
      return directory;
    }
    return undefined;
  }

  async #canaryShows(directory: string): Promise<boolean> {
    const watcher = this.#watcher;
    if (watcher === undefined) return true;
    let seen = (): void => undefined;
    const shown = new Promise<boolean>((resolve) => {
      const timer = setTimeout(resolve, CANARY_WAIT_MS, false);
      seen = () => {
        clearTimeout(timer);
        resolve(true);
      };
      watcher.once("raw", seen);
    });
    try {
      await rm(await mkdtemp(join(directory, ".tcompose-canary-")), { recursive: true, force: true });
    } catch {
      // Not writable for us: nothing can be learnt, and nothing is changed from here either.
      seen();
    }
    const result = await shown;
    watcher.off("raw", seen);
    return result;
  }
}

function groupByDirectory(roots: readonly WatchRoot[]): ReadonlyMap<string, ReadonlySet<string>> {
  const groups = new Map<string, Set<string>>();
  for (const root of roots) {
    const directory = dirname(root.path);
    const group = groups.get(directory) ?? new Set();
    group.add(root.path);
    groups.set(directory, group);
  }
  return groups;
}
