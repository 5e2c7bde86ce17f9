/**
 * Watches with chokidar: by polling, and by events on systems other than Linux. Raw events are passed on as they come
 * (they arrive first, and chokidar leaves out pure mode changes); chokidar's own events follow and cover new
 * directories.
 */
import { basename, dirname, join } from "node:path";
import { type ChokidarOptions, type FSWatcher, watch } from "chokidar";
import { RootPaths, type TreeWatch, type TreeWatchOptions } from "./tree-watch.ts";

export interface ChokidarWatchOptions extends TreeWatchOptions {
  /** Milliseconds between two looks; undefined: by events. */
  readonly pollEvery: number | undefined;
  /** Overrides chokidar's own function. */
  readonly watch?: ((paths: string[], options: ChokidarOptions) => FSWatcher) | undefined;
}

export class ChokidarWatch implements TreeWatch {
  readonly #options: ChokidarWatchOptions;
  readonly #paths: RootPaths;
  #watcher: FSWatcher | undefined;
  #closed = false;
  #giveUp: () => void = () => undefined;

  constructor(options: ChokidarWatchOptions) {
    this.#options = options;
    this.#paths = new RootPaths(options);
  }

  get count(): number {
    const watched = this.#watcher?.getWatched() ?? {};
    return Object.values(watched).reduce((sum, names) => sum + names.length + 1, 0);
  }

  get paths(): number {
    return this.count;
  }

  async start(): Promise<void> {
    // A file is watched through its directory, so that one which is replaced stays watched.
    const paths = this.#options.roots.map((root) => (root.isFile ? dirname(root.path) : root.path));
    const watcher = (this.#options.watch ?? watch)([...new Set(paths)], this.#chokidarOptions());
    this.#watcher = watcher;
    watcher.on("all", (_event, path) => {
      this.#tell(path);
    });
    watcher.on("raw", (_event, path, details: unknown) => {
      this.#hearRaw(path, details);
    });
    watcher.on("error", (error) => {
      this.#options.onError(error);
    });
    await new Promise<void>((resolve) => {
      watcher.once("ready", resolve);
      // A watcher that is given up on the way never becomes ready.
      this.#giveUp = resolve;
    });
  }

  refresh(): Promise<void> {
    return Promise.resolve();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#giveUp();
    await this.#watcher?.close();
  }

  #chokidarOptions(): ChokidarOptions {
    const { pollEvery } = this.#options;
    return {
      ignoreInitial: true,
      followSymlinks: false,
      ignorePermissionErrors: true,
      atomic: false,
      usePolling: pollEvery !== undefined,
      ...(pollEvery === undefined ? {} : { interval: pollEvery, binaryInterval: pollEvery }),
      ignored: (path, stats) => this.#leavesOut(path, stats?.isDirectory() ?? false),
    };
  }

  #leavesOut(path: string, isDirectory: boolean): boolean {
    return !this.#paths.isWanted(path, isDirectory) && !this.#paths.leads(path);
  }

  #tell(path: string): void {
    if (!this.#closed && this.#paths.isWanted(path)) this.#options.onPath(path);
  }

  #hearRaw(path: unknown, details: unknown): void {
    if (typeof path !== "string" || typeof details !== "object" || details === null) return;
    // Polling brings the path itself with both states, also for a change of the mode alone.
    if ("curr" in details) this.#tell(path);
    if (!("watchedPath" in details) || typeof details.watchedPath !== "string") return;
    const { watchedPath } = details;
    // The watched path is a directory with an entry of that name, or the file itself.
    if (basename(watchedPath) === path) this.#tell(watchedPath);
    this.#tell(join(watchedPath, path));
  }
}
