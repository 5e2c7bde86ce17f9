/** What tells of changes below some roots; there are two kinds, see `file-watcher.ts`. */

export interface WatchRoot {
  /** Absolute; a file, a directory, or a path that does not exist yet. */
  readonly path: string;
  readonly isFile: boolean;
}

export interface TreeWatchOptions {
  readonly roots: readonly WatchRoot[];
  /** Whether nothing at or below a path inside a directory root is wanted. */
  readonly isIgnored: (path: string, isDirectory: boolean) => boolean;
  /** A wanted path may have changed. */
  readonly onPath: (path: string) => void;
  readonly onError: (error: unknown) => void;
}

export interface TreeWatch {
  /** How many watches the system keeps for it. */
  readonly count: number;
  /** Paths that polling would look at, about. */
  readonly paths: number;
  /** Resolves when everything below the roots is watched. */
  start(): Promise<void>;
  /** Looks for what should be watched and is not, because events were lost. */
  refresh(): Promise<void>;
  close(): Promise<void>;
}

/** Which paths the roots stand for. */
export class RootPaths {
  readonly #options: Pick<TreeWatchOptions, "roots" | "isIgnored">;
  readonly #files: ReadonlySet<string>;
  readonly #directories: readonly string[];

  constructor(options: Pick<TreeWatchOptions, "roots" | "isIgnored">) {
    this.#options = options;
    this.#files = new Set(options.roots.filter(({ isFile }) => isFile).map(({ path }) => path));
    this.#directories = options.roots.filter(({ isFile }) => !isFile).map(({ path }) => path);
  }

  /** A change of it is to be told. */
  isWanted(path: string, isDirectory = false): boolean {
    if (this.#files.has(path)) return true;
    return this.#isInside(path) && !this.#options.isIgnored(path, isDirectory);
  }

  /** The way to a root goes through it. */
  leads(path: string): boolean {
    return this.#options.roots.some((root) => isBelow(root.path, path));
  }

  /** Roots at or below a path. */
  rootsIn(path: string): readonly WatchRoot[] {
    return this.#options.roots.filter((root) => root.path === path || isBelow(root.path, path));
  }

  #isInside(path: string): boolean {
    return this.#directories.some((root) => path === root || isBelow(path, root));
  }
}

export function isBelow(path: string, directory: string): boolean {
  return path.startsWith(directory.endsWith("/") ? directory : `${directory}/`);
}
