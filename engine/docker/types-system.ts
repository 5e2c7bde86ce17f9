/** What the engine says about itself, and processes started in containers. As types.ts: the API's own field names. */

export interface EngineVersion {
  readonly Version: string;
  readonly ApiVersion: string;
  readonly MinAPIVersion?: string;
  readonly Os?: string;
  readonly Arch?: string;
  readonly Platform?: { readonly Name?: string };
  readonly Components?: readonly { readonly Name: string; readonly Version: string }[];
}

export interface EngineInfo {
  readonly Name?: string;
  readonly ServerVersion?: string;
  readonly OSType?: string;
  readonly Architecture?: string;
  readonly NCPU?: number;
  readonly MemTotal?: number;
  readonly Driver?: string;
  readonly DriverStatus?: readonly (readonly [string, string])[] | null;
  readonly SecurityOptions?: readonly string[];
  readonly DockerRootDir?: string;
  readonly RegistryConfig?: { readonly Mirrors?: readonly string[] | null };
}

/** POST /containers/{id}/exec */
export interface ExecCreateBody {
  readonly AttachStdin?: boolean;
  readonly AttachStdout?: boolean;
  readonly AttachStderr?: boolean;
  readonly DetachKeys?: string;
  readonly Tty?: boolean;
  readonly Env?: readonly string[];
  readonly Cmd: readonly string[];
  readonly Privileged?: boolean;
  readonly User?: string;
  readonly WorkingDir?: string;
}

/** GET /exec/{id}/json */
export interface ExecInspect {
  readonly ID: string;
  readonly Running: boolean;
  readonly ExitCode: number | null;
  readonly Pid?: number;
}

/** GET /containers/{id}/stats; Podman and stopped containers leave parts out */
export interface ContainerStats {
  readonly read: string;
  readonly cpu_stats?: CpuStats;
  readonly precpu_stats?: CpuStats;
  readonly memory_stats?: {
    readonly usage?: number;
    readonly limit?: number;
    readonly stats?: Readonly<Record<string, number>>;
  };
  readonly networks?: Readonly<
    Record<string, { readonly rx_bytes: number; readonly tx_bytes: number }>
  > | null;
  readonly blkio_stats?: {
    readonly io_service_bytes_recursive?: readonly { readonly op: string; readonly value: number }[] | null;
  };
  readonly pids_stats?: { readonly current?: number };
}

export interface CpuStats {
  /** Nanoseconds. */
  readonly cpu_usage: { readonly total_usage: number; readonly percpu_usage?: readonly number[] | null };
  /** Nanoseconds. */
  readonly system_cpu_usage?: number;
  readonly online_cpus?: number;
}

/** HEAD /containers/{id}/archive */
export interface PathStat {
  readonly name: string;
  readonly size: number;
  /** As Go's `os.FileMode`: the highest bit says directory, bit 27 symbolic link. */
  readonly mode: number;
  readonly mtime: string;
  readonly linkTarget: string;
}

/** POST /commit */
export interface CommitBody {
  readonly repository?: string | undefined;
  readonly tag?: string | undefined;
  readonly author?: string | undefined;
  readonly comment?: string | undefined;
  /** Dockerfile instructions, e.g. `ENV A=b`. */
  readonly changes?: readonly string[];
  readonly pause: boolean;
}
