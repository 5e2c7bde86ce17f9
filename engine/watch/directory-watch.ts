/**
 * Watches directories with one kernel watch each, which tells of their entries by name: a file needs no watch of its
 * own and an event costs no system call. For Linux, where a directory's watch also tells of writes to its files.
 *
 * A directory is watched first and listed then, so that nothing appears in between; what a directory that is new holds
 * is told. Events may come twice.
 */
import { type FSWatcher, lstatSync, watch } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isMissing, systemErrorCode } from "./sync/system-error.ts";
import { isBelow, RootPaths, type TreeWatch, type TreeWatchOptions } from "./tree-watch.ts";

export class DirectoryWatch implements TreeWatch {
  readonly #options: TreeWatchOptions;
  readonly #paths: RootPaths;
  readonly #watches = new Map<string, FSWatcher>();
  #listed = 0;
  #closed = false;

  constructor(options: TreeWatchOptions) {
    this.#options = options;
    this.#paths = new RootPaths(options);
  }

  get count(): number {
    return this.#watches.size;
  }

  get paths(): number {
    return this.#listed;
  }

  async start(): Promise<void> {
    await Promise.all(this.#options.roots.map(({ path }) => this.#anchor(path, false)));
  }

  async refresh(): Promise<void> {
    await Promise.all(this.#options.roots.map(({ path }) => this.#anchor(path, true)));
    await Promise.all([...this.#watches.keys()].map((directory) => this.#list(directory, false)));
  }

  close(): Promise<void> {
    this.#closed = true;
    for (const watcher of this.#watches.values()) watcher.close();
    this.#watches.clear();
    return Promise.resolve();
  }

  /** Watches the directory that holds a root, or the nearest one above it that exists, and the way down from there. */
  async #anchor(root: string, isNews: boolean): Promise<void> {
    for (let above = dirname(root); ; above = dirname(above)) {
      if (this.#watches.has(above) || (await this.#enter(above, isNews))) return;
      if (this.#closed || above === dirname(above)) return;
    }
  }

  /** False when there is no such directory. `isNews`: what it holds has not been told yet. */
  async #enter(directory: string, isNews: boolean): Promise<boolean> {
    if (this.#closed || this.#watches.has(directory)) return true;
    let watcher: FSWatcher;
    try {
      watcher = watch(directory, (event, name) => {
        this.#hear(directory, event, name);
      });
    } catch (error) {
      if (isMissing(error)) return false;
      if (!isToldElsewhere(error)) this.#options.onError(error);
      return true;
    }
    watcher.on("error", (error) => {
      if (!isMissing(error) && !isToldElsewhere(error)) this.#options.onError(error);
    });
    this.#watches.set(directory, watcher);
    await this.#list(directory, isNews);
    return true;
  }

  async #list(directory: string, isNews: boolean): Promise<void> {
    try {
      const entries = await readdir(directory, { withFileTypes: true });
      this.#listed += entries.length;
      const entering: Promise<unknown>[] = [];
      for (const entry of entries) {
        const path = join(directory, entry.name);
        if (isNews) this.#tell(path);
        if (entry.isDirectory() && this.#isEntered(path)) entering.push(this.#enter(path, isNews));
      }
      await Promise.all(entering);
    } catch (error) {
      if (!isMissing(error) && !isToldElsewhere(error)) this.#options.onError(error);
    }
  }

  #isEntered(path: string): boolean {
    return this.#paths.leads(path) || this.#paths.isWanted(path, true);
  }

  #tell(path: string): void {
    if (!this.#closed && this.#paths.isWanted(path)) this.#options.onPath(path);
  }

  #hear(directory: string, event: string, name: string | null): void {
    if (this.#closed) return;
    const path = name === null ? directory : join(directory, name);
    this.#tell(path);
    if (event !== "rename") return;
    // The end of a watched directory itself is told under its own name. It may be there again by now.
    if (name === null || name === basename(directory)) void this.#renew(directory);
    if (name !== null) void this.#look(path);
  }

  async #renew(directory: string): Promise<void> {
    this.#leave(directory);
    await this.#look(directory);
  }

  /** A path has appeared, gone or been replaced. */
  async #look(path: string): Promise<void> {
    const isKnown = this.#watches.has(path);
    const isDirectory = this.#isEntered(path) && isDirectoryNow(path);
    if (isKnown && !isDirectory) this.#leave(path);
    if (!isKnown && !isDirectory) return;
    if (isDirectory) {
      this.#tell(path);
      await this.#enter(path, true);
    }
    for (const root of this.#paths.rootsIn(path)) await this.#anchor(root.path, true);
  }

  /** Nothing at or below it is watched any more: events would come under names that are no longer true. */
  #leave(directory: string): void {
    if (!this.#watches.has(directory)) return;
    for (const [path, watcher] of this.#watches) {
      if (path !== directory && !isBelow(path, directory)) continue;
      watcher.close();
      this.#watches.delete(path);
    }
  }
}

/** Asked for every name that comes or goes: a thread would cost ten times as much. */
function isDirectoryNow(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  } catch {
    return false;
  }
}

/** What may not or cannot be read has no changes to tell of; whoever reads the tree says so. */
function isToldElsewhere(error: unknown): boolean {
  const code = systemErrorCode(error);
  return code === "EACCES" || code === "EPERM" || code === "ENAMETOOLONG";
}
