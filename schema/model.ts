/**
 * The validated model of a stack: what `load` returns and everything after it works on.
 *
 * Attribute names are the format's own (snake_case) and values have the canonical long form: short syntaxes
 * expanded, paths absolute, variables substituted. Durations stay Go-style text ("1m30s") and byte sizes decimal
 * text ("1073741824"), as the format prints them; `quantity.ts` turns them into numbers.
 */
import type { Diagnostic, SourceFile, SourceRange } from "./diagnostic.ts";

export type StringMap = Readonly<Record<string, string>>;
export type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };
/** Path of a value in the stack: keys and list indexes from the top. */
export type StackPath = readonly (string | number)[];

export interface Stack {
  /** Project name; matches `^[a-z0-9][a-z0-9_-]*$`. */
  readonly name: string;
  /** Between the parts of container and image names; `_` is how the first generation of such tools wrote them. */
  readonly nameSeparator: "-" | "_";
  /** Absolute project directory. */
  readonly workingDir: string;
  /** Absolute paths of the stack files in merge order (without included and extended ones). */
  readonly configFiles: readonly string[];
  /** Env files that were named explicitly (`--env-file`), absolute. */
  readonly environmentFiles: readonly string[];
  /** Process environment over env files: what interpolation saw. */
  readonly environment: StringMap;
  /** Active services (profiles applied), by name. */
  readonly services: Readonly<Record<string, Service>>;
  /** Services of the files that no active profile selects. They are not orphans. */
  readonly disabledServices: Readonly<Record<string, Service>>;
  /** Top-level networks that an active service uses (plus all of them under `allResources`). */
  readonly networks: Readonly<Record<string, Network>>;
  readonly volumes: Readonly<Record<string, Volume>>;
  readonly configs: Readonly<Record<string, FileObject>>;
  readonly secrets: Readonly<Record<string, FileObject>>;
  readonly models: Readonly<Record<string, Model>>;
  /** Top-level `x-*` keys. */
  readonly extensions: Readonly<Record<string, JsonValue>>;
  /** Every file that loading read (stack files, includes, extended files, env files, label files), absolute. */
  readonly sources: readonly SourceFile[];
  /** Where the text of a value (or of its nearest written ancestor) stands. */
  locate(path: StackPath): SourceRange | undefined;
}

export type LoadResult =
  | { readonly ok: true; readonly stack: Stack; readonly diagnostics: readonly Diagnostic[] }
  | {
      readonly ok: false;
      readonly diagnostics: readonly Diagnostic[];
      readonly sources: readonly SourceFile[];
    };

export type DependencyCondition = "service_started" | "service_healthy" | "service_completed_successfully";

export interface Dependency {
  readonly condition: DependencyCondition;
  readonly restart?: boolean;
  readonly required: boolean;
}

export interface Healthcheck {
  readonly test?: readonly string[];
  readonly interval?: string;
  readonly timeout?: string;
  readonly retries?: number;
  readonly start_period?: string;
  readonly start_interval?: string;
  readonly disable?: boolean;
}

export interface Port {
  readonly name?: string;
  readonly mode?: string;
  readonly host_ip?: string;
  readonly target: number;
  /** Host port or range "8080-8090"; absent: not published to a fixed port. */
  readonly published?: string;
  readonly protocol?: string;
  readonly app_protocol?: string;
}

export interface Mount {
  readonly type: "bind" | "volume" | "tmpfs" | "cluster" | "npipe" | "image";
  readonly source?: string;
  readonly target: string;
  readonly read_only?: boolean;
  readonly consistency?: string;
  readonly bind?: {
    readonly propagation?: string;
    readonly create_host_path?: boolean;
    readonly recursive?: string;
    readonly selinux?: string;
  };
  readonly volume?: { readonly labels?: StringMap; readonly nocopy?: boolean; readonly subpath?: string };
  readonly tmpfs?: { readonly size?: string; readonly mode?: number };
  readonly image?: { readonly subpath?: string };
}

/** Use of a config or secret by a service. */
export interface FileReference {
  readonly source: string;
  readonly target?: string;
  readonly uid?: string;
  readonly gid?: string;
  /** Octal text, e.g. "0440". */
  readonly mode?: string;
}

export interface ServiceNetwork {
  readonly aliases?: readonly string[];
  readonly driver_opts?: StringMap;
  readonly gw_priority?: number;
  readonly interface_name?: string;
  readonly ipv4_address?: string;
  readonly ipv6_address?: string;
  readonly link_local_ips?: readonly string[];
  readonly mac_address?: string;
  readonly priority?: number;
}

export interface Build {
  readonly context?: string;
  readonly dockerfile?: string;
  readonly dockerfile_inline?: string;
  readonly args?: Readonly<Record<string, string | null>>;
  readonly additional_contexts?: StringMap;
  readonly cache_from?: readonly string[];
  readonly cache_to?: readonly string[];
  readonly entitlements?: readonly string[];
  readonly extra_hosts?: readonly string[];
  readonly isolation?: string;
  readonly labels?: StringMap;
  readonly network?: string;
  readonly no_cache?: boolean;
  readonly no_cache_filter?: readonly string[];
  readonly platforms?: readonly string[];
  readonly privileged?: boolean;
  readonly provenance?: string;
  readonly pull?: boolean;
  readonly sbom?: string;
  readonly secrets?: readonly FileReference[];
  readonly shm_size?: string;
  /** Items are `id` or `id=path`. */
  readonly ssh?: readonly string[];
  readonly tags?: readonly string[];
  readonly target?: string;
  readonly ulimits?: Readonly<Record<string, Ulimit>>;
}

export type Ulimit = number | { readonly soft: number; readonly hard: number };

export interface DeviceRequest {
  readonly driver?: string;
  readonly count?: number;
  readonly capabilities?: readonly string[];
  readonly device_ids?: readonly string[];
  readonly options?: StringMap;
}

export interface Deploy {
  readonly mode?: string;
  readonly replicas?: number;
  readonly endpoint_mode?: string;
  readonly labels?: StringMap;
  readonly update_config?: Readonly<Record<string, JsonValue>>;
  readonly rollback_config?: Readonly<Record<string, JsonValue>>;
  readonly placement?: Readonly<Record<string, JsonValue>>;
  readonly resources?: {
    readonly limits?: { readonly cpus?: number; readonly memory?: string; readonly pids?: number };
    readonly reservations?: {
      readonly cpus?: number;
      readonly memory?: string;
      readonly devices?: readonly DeviceRequest[];
      readonly generic_resources?: readonly JsonValue[];
    };
  };
  readonly restart_policy?: {
    readonly condition?: string;
    readonly delay?: string;
    readonly max_attempts?: number;
    readonly window?: string;
  };
}

export interface Hook {
  readonly command?: readonly string[] | null;
  readonly user?: string;
  readonly privileged?: boolean;
  readonly working_dir?: string;
  readonly environment?: Readonly<Record<string, string | null>>;
  /** `pre_start` only. */
  readonly image?: string;
  readonly per_replica?: boolean;
}

export type WatchAction = "sync" | "rebuild" | "restart" | "sync+restart" | "sync+exec";

export interface WatchRule {
  readonly path: string;
  readonly action: WatchAction;
  readonly target?: string;
  readonly ignore?: readonly string[];
  readonly include?: readonly string[];
  readonly initial_sync?: boolean;
  readonly exec?: Hook;
}

export interface BlkioConfig {
  readonly weight?: number;
  readonly weight_device?: readonly { readonly Path: string; readonly Weight: number }[];
  readonly device_read_bps?: readonly ThrottleDevice[];
  readonly device_read_iops?: readonly ThrottleDevice[];
  readonly device_write_bps?: readonly ThrottleDevice[];
  readonly device_write_iops?: readonly ThrottleDevice[];
}

export interface ThrottleDevice {
  readonly Path: string;
  /** Decimal text. */
  readonly Rate: string;
}

/** One service in canonical form. `null` for command and entrypoint means: as the image says; `[]` clears it. */
export interface Service {
  readonly annotations?: StringMap;
  readonly attach?: boolean;
  readonly blkio_config?: BlkioConfig;
  readonly build?: Build;
  readonly cap_add?: readonly string[];
  readonly cap_drop?: readonly string[];
  readonly cgroup?: string;
  readonly cgroup_parent?: string;
  readonly command?: readonly string[] | null;
  readonly configs?: readonly FileReference[];
  readonly container_name?: string;
  readonly cpu_count?: number;
  readonly cpu_percent?: number;
  readonly cpu_period?: number;
  readonly cpu_quota?: number;
  readonly cpu_rt_period?: number;
  readonly cpu_rt_runtime?: number;
  readonly cpu_shares?: number;
  readonly cpus?: number;
  readonly cpuset?: string;
  readonly credential_spec?: { readonly config?: string; readonly file?: string; readonly registry?: string };
  readonly depends_on?: Readonly<Record<string, Dependency>>;
  readonly deploy?: Deploy;
  readonly develop?: { readonly watch?: readonly WatchRule[] };
  readonly device_cgroup_rules?: readonly string[];
  readonly devices?: readonly {
    readonly source: string;
    readonly target?: string;
    readonly permissions?: string;
  }[];
  readonly dns?: readonly string[];
  readonly dns_opt?: readonly string[];
  readonly dns_search?: readonly string[];
  readonly domainname?: string;
  readonly entrypoint?: readonly string[] | null;
  /** `null`: named without a value and unset, which takes the variable away from the image's environment. */
  readonly environment?: Readonly<Record<string, string | null>>;
  /** Files that `environment` was filled from; their values are in `environment` already. */
  readonly env_file?: readonly {
    readonly path: string;
    readonly required: boolean;
    readonly format?: string;
  }[];
  readonly expose?: readonly string[];
  readonly extends?: { readonly service: string; readonly file?: string };
  readonly external_links?: readonly string[];
  readonly extra_hosts?: readonly string[];
  readonly gpus?: readonly DeviceRequest[];
  readonly group_add?: readonly string[];
  readonly healthcheck?: Healthcheck;
  readonly hostname?: string;
  readonly image?: string;
  readonly init?: boolean;
  readonly ipc?: string;
  readonly isolation?: string;
  readonly labels?: StringMap;
  /** Files that `labels` was filled from; their values are in `labels` already. */
  readonly label_file?: readonly string[];
  readonly links?: readonly string[];
  readonly logging?: { readonly driver?: string; readonly options?: StringMap };
  readonly mac_address?: string;
  readonly mem_limit?: string;
  readonly mem_reservation?: string;
  readonly mem_swappiness?: number;
  readonly memswap_limit?: string;
  readonly models?: Readonly<
    Record<string, { readonly endpoint_var?: string; readonly model_var?: string } | null>
  >;
  readonly network_mode?: string;
  readonly networks?: Readonly<Record<string, ServiceNetwork | null>>;
  readonly oom_kill_disable?: boolean;
  readonly oom_score_adj?: number;
  readonly pid?: string;
  readonly pids_limit?: number;
  readonly platform?: string;
  readonly ports?: readonly Port[];
  readonly post_start?: readonly Hook[];
  readonly pre_start?: readonly Hook[];
  readonly pre_stop?: readonly Hook[];
  readonly privileged?: boolean;
  readonly profiles?: readonly string[];
  readonly provider?: {
    readonly type: string;
    readonly options?: Readonly<Record<string, readonly string[]>>;
  };
  readonly pull_policy?: string;
  readonly read_only?: boolean;
  readonly restart?: string;
  readonly runtime?: string;
  readonly scale?: number;
  readonly secrets?: readonly FileReference[];
  readonly security_opt?: readonly string[];
  readonly shm_size?: string;
  readonly stdin_open?: boolean;
  readonly stop_grace_period?: string;
  readonly stop_signal?: string;
  readonly storage_opt?: StringMap;
  readonly sysctls?: StringMap;
  readonly tmpfs?: readonly string[];
  readonly tty?: boolean;
  readonly ulimits?: Readonly<Record<string, Ulimit>>;
  readonly use_api_socket?: boolean;
  readonly user?: string;
  readonly userns_mode?: string;
  readonly uts?: string;
  readonly volumes?: readonly Mount[];
  readonly volumes_from?: readonly string[];
  readonly working_dir?: string;
  /** Extensions, `x-tcompose` among them. */
  readonly [extension: `x-${string}`]: JsonValue;
}

export interface IpamPool {
  readonly subnet?: string;
  readonly ip_range?: string;
  readonly gateway?: string;
  readonly aux_addresses?: StringMap;
}

export interface Network {
  /** Name on the engine. */
  readonly name: string;
  readonly driver?: string;
  readonly driver_opts?: StringMap;
  readonly ipam?: {
    readonly driver?: string;
    readonly config?: readonly IpamPool[];
    readonly options?: StringMap;
  };
  readonly external?: boolean;
  readonly internal?: boolean;
  readonly attachable?: boolean;
  readonly labels?: StringMap;
  readonly enable_ipv4?: boolean;
  readonly enable_ipv6?: boolean;
  readonly [extension: `x-${string}`]: JsonValue;
}

export interface Volume {
  /** Name on the engine. */
  readonly name: string;
  readonly driver?: string;
  readonly driver_opts?: StringMap;
  readonly external?: boolean;
  readonly labels?: StringMap;
  readonly [extension: `x-${string}`]: JsonValue;
}

/** A top-level config or secret. */
export interface FileObject {
  readonly name?: string;
  readonly file?: string;
  readonly environment?: string;
  /** Inline text (configs), or the value that `environment` named. */
  readonly content?: string;
  readonly external?: boolean;
  readonly labels?: StringMap;
  readonly driver?: string;
  readonly driver_opts?: StringMap;
  readonly template_driver?: string;
  readonly [extension: `x-${string}`]: JsonValue;
}

export interface Model {
  readonly name?: string;
  readonly model: string;
  readonly context_size?: number;
  readonly runtime_flags?: readonly string[];
  readonly [extension: `x-${string}`]: JsonValue;
}
