/** The loader's only way to the file system: injected, so that loading stays testable in memory. */

export type ReadResult =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "missing" }
  | { readonly kind: "directory" }
  /** Unreadable for another reason (permission, I/O); `reason` is the system's message. */
  | { readonly kind: "error"; readonly reason: string };

export interface FileSystem {
  /** UTF-8 text of a file, BOM removed. `-` reads standard input. Never throws. */
  read(path: string): ReadResult;
  /** What stands at the path, symbolic links followed. */
  stat(path: string): "file" | "directory" | "other" | "missing";
  /** The path with symbolic links resolved, or the path itself where it does not exist. */
  realpath(path: string): string;
}

/** Everything that loading depends on besides file contents. */
export interface LoadOptions {
  readonly files: FileSystem;
  /** Absolute current directory. */
  readonly cwd: string;
  /** Home directory, for `~`. */
  readonly home: string;
  /** The process environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `-f` values in order; empty: COMPOSE_FILE, then discovery. */
  readonly configFiles?: readonly string[];
  readonly projectName?: string;
  readonly projectDirectory?: string;
  /** Names with `_`, as COMPOSE_COMPATIBILITY asks for, too. */
  readonly compatibility?: boolean;
  readonly profiles?: readonly string[];
  readonly envFiles?: readonly string[];
  /** Services named on the command line: their profiles become active and the stack is narrowed to them and their dependencies. */
  readonly services?: readonly string[];
  /** With `services`: leave dependencies out. */
  readonly noDependencies?: boolean;
  /** Keep unused top-level networks, volumes, configs and secrets. */
  readonly allResources?: boolean;
  /** Warn of bind mounts whose source does not exist: for engines that see the same files. */
  readonly checkPaths?: boolean;
  /** The flags of `config` that switch steps off. */
  readonly skip?: {
    readonly interpolation?: boolean;
    readonly normalization?: boolean;
    readonly pathResolution?: boolean;
    readonly consistency?: boolean;
    readonly environmentResolution?: boolean;
  };
}
