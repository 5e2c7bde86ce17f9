/**
 * The parts of the Engine API's JSON that tcompose reads or sends, in the API's own field names.
 * Narrow on purpose: only fields that some code uses. Source: Engine API 1.41 to 1.51.
 */

export type Labels = Readonly<Record<string, string>>;
/** Engine filters: key to list of values. */
export type Filters = Readonly<Record<string, readonly string[]>>;

export type ContainerStateName =
  "created" | "running" | "paused" | "restarting" | "removing" | "exited" | "dead";

/** GET /containers/json */
export interface ContainerSummary {
  readonly Id: string;
  /** With a leading slash. */
  readonly Names: readonly string[];
  readonly Image: string;
  readonly ImageID: string;
  readonly Command: string;
  /** Unix seconds. */
  readonly Created: number;
  readonly State: ContainerStateName;
  /** English: "Up 3 seconds (healthy)", "Exited (1) 2 minutes ago". */
  readonly Status: string;
  readonly Labels: Labels;
  readonly Ports: readonly { IP?: string; PrivatePort: number; PublicPort?: number; Type: string }[];
  readonly HostConfig?: { readonly NetworkMode?: string };
  readonly NetworkSettings?: { readonly Networks?: Readonly<Record<string, EndpointSettings>> };
  readonly Mounts: readonly MountPoint[];
}

export interface MountPoint {
  readonly Type: string;
  readonly Name?: string;
  readonly Source?: string;
  readonly Destination: string;
  readonly Driver?: string;
  readonly Mode?: string;
  readonly RW?: boolean;
  readonly Propagation?: string;
}

export interface EndpointSettings {
  readonly IPAMConfig?: {
    readonly IPv4Address?: string;
    readonly IPv6Address?: string;
    readonly LinkLocalIPs?: readonly string[];
  } | null;
  readonly Links?: readonly string[] | null;
  readonly Aliases?: readonly string[] | null;
  readonly NetworkID?: string;
  readonly EndpointID?: string;
  readonly Gateway?: string;
  readonly IPAddress?: string;
  readonly GlobalIPv6Address?: string;
  readonly MacAddress?: string;
  readonly DriverOpts?: Labels | null;
  readonly GwPriority?: number;
}

export interface HealthState {
  readonly Status: "none" | "starting" | "healthy" | "unhealthy";
  readonly FailingStreak: number;
  readonly Log:
    | readonly {
        readonly Start: string;
        readonly End: string;
        readonly ExitCode: number;
        readonly Output: string;
      }[]
    | null;
}

/** GET /containers/{id}/json */
export interface ContainerInspect {
  readonly Id: string;
  /** With a leading slash. */
  readonly Name: string;
  readonly Created: string;
  readonly Image: string;
  readonly RestartCount: number;
  readonly Platform?: string;
  readonly State: {
    readonly Status: ContainerStateName;
    readonly Running: boolean;
    readonly Paused: boolean;
    readonly Restarting: boolean;
    readonly OOMKilled: boolean;
    readonly Dead: boolean;
    readonly Pid: number;
    readonly ExitCode: number;
    readonly Error: string;
    readonly StartedAt: string;
    readonly FinishedAt: string;
    readonly Health?: HealthState;
  };
  readonly Config: ContainerConfig;
  readonly HostConfig: HostConfig;
  readonly NetworkSettings: {
    readonly Networks: Readonly<Record<string, EndpointSettings>>;
    readonly Ports?: Readonly<Record<string, readonly PortBinding[] | null>>;
  };
  readonly Mounts: readonly MountPoint[];
}

export interface PortBinding {
  readonly HostIp?: string;
  readonly HostPort?: string;
}

export interface HealthConfig {
  readonly Test?: readonly string[];
  /** Nanoseconds. */
  readonly Interval?: number;
  readonly Timeout?: number;
  readonly StartPeriod?: number;
  /** API 1.44. */
  readonly StartInterval?: number;
  readonly Retries?: number;
}

/** `Config` of a container: image-independent settings of its process. */
export interface ContainerConfig {
  readonly Hostname?: string;
  readonly Domainname?: string;
  readonly User?: string;
  readonly AttachStdin?: boolean;
  readonly AttachStdout?: boolean;
  readonly AttachStderr?: boolean;
  readonly ExposedPorts?: Readonly<Record<string, Record<string, never>>>;
  readonly Tty?: boolean;
  readonly OpenStdin?: boolean;
  readonly StdinOnce?: boolean;
  /** `KEY=value`, or bare `KEY` to unset a variable of the image. */
  readonly Env?: readonly string[] | null;
  readonly Cmd?: readonly string[] | null;
  readonly Healthcheck?: HealthConfig;
  /** What `CMD-SHELL` runs in; absent: `/bin/sh -c`. */
  readonly Shell?: readonly string[] | null;
  readonly Image?: string;
  readonly Volumes?: Readonly<Record<string, Record<string, never>>> | null;
  readonly WorkingDir?: string;
  readonly Entrypoint?: readonly string[] | null;
  readonly NetworkDisabled?: boolean;
  readonly MacAddress?: string;
  readonly Labels?: Labels | null;
  readonly StopSignal?: string;
  /** Seconds. */
  readonly StopTimeout?: number;
}

export interface MountRequest {
  readonly Type: string;
  readonly Source?: string;
  readonly Target: string;
  readonly ReadOnly?: boolean;
  readonly Consistency?: string;
  readonly BindOptions?: {
    readonly Propagation?: string;
    readonly NonRecursive?: boolean;
    readonly CreateMountpoint?: boolean;
    readonly ReadOnlyNonRecursive?: boolean;
    readonly ReadOnlyForceRecursive?: boolean;
  };
  readonly VolumeOptions?: {
    readonly NoCopy?: boolean;
    readonly Labels?: Labels;
    readonly Subpath?: string;
    readonly DriverConfig?: { readonly Name?: string; readonly Options?: Labels };
  };
  readonly ImageOptions?: { readonly Subpath?: string };
}

export interface RestartPolicy {
  readonly Name: string;
  readonly MaximumRetryCount?: number;
}

/** `HostConfig` of a container. Fields as in the Engine API; sizes in bytes, cpu in units of 1e-9. */
export interface HostConfig {
  readonly Binds?: readonly string[] | null;
  readonly Mounts?: readonly MountRequest[];
  readonly NetworkMode?: string;
  readonly PortBindings?: Readonly<Record<string, readonly PortBinding[]>> | null;
  readonly RestartPolicy?: RestartPolicy;
  readonly AutoRemove?: boolean;
  readonly VolumesFrom?: readonly string[] | null;
  readonly CapAdd?: readonly string[] | null;
  readonly CapDrop?: readonly string[] | null;
  readonly CgroupnsMode?: string;
  readonly CgroupParent?: string;
  readonly Dns?: readonly string[] | null;
  readonly DnsOptions?: readonly string[] | null;
  readonly DnsSearch?: readonly string[] | null;
  readonly ExtraHosts?: readonly string[] | null;
  readonly GroupAdd?: readonly string[] | null;
  readonly IpcMode?: string;
  readonly Links?: readonly string[] | null;
  readonly OomScoreAdj?: number;
  readonly OomKillDisable?: boolean;
  readonly PidMode?: string;
  readonly Privileged?: boolean;
  readonly ReadonlyRootfs?: boolean;
  readonly SecurityOpt?: readonly string[] | null;
  readonly StorageOpt?: Labels;
  readonly Tmpfs?: Labels;
  readonly UTSMode?: string;
  readonly UsernsMode?: string;
  readonly ShmSize?: number;
  readonly Sysctls?: Labels;
  readonly Runtime?: string;
  readonly Isolation?: string;
  readonly LogConfig?: { readonly Type: string; readonly Config?: Labels };
  readonly MaskedPaths?: readonly string[];
  readonly ReadonlyPaths?: readonly string[];
  readonly Init?: boolean;
  readonly Annotations?: Labels;
  readonly CpuShares?: number;
  readonly CpuPeriod?: number;
  readonly CpuQuota?: number;
  readonly CpuRealtimePeriod?: number;
  readonly CpuRealtimeRuntime?: number;
  readonly CpusetCpus?: string;
  readonly CpuCount?: number;
  readonly CpuPercent?: number;
  readonly NanoCpus?: number;
  readonly Memory?: number;
  readonly MemoryReservation?: number;
  readonly MemorySwap?: number;
  readonly MemorySwappiness?: number;
  readonly PidsLimit?: number;
  readonly BlkioWeight?: number;
  readonly BlkioWeightDevice?: readonly { readonly Path: string; readonly Weight: number }[];
  readonly BlkioDeviceReadBps?: readonly { readonly Path: string; readonly Rate: number }[];
  readonly BlkioDeviceWriteBps?: readonly { readonly Path: string; readonly Rate: number }[];
  readonly BlkioDeviceReadIOps?: readonly { readonly Path: string; readonly Rate: number }[];
  readonly BlkioDeviceWriteIOps?: readonly { readonly Path: string; readonly Rate: number }[];
  readonly DeviceCgroupRules?: readonly string[] | null;
  readonly Devices?:
    | readonly {
        readonly PathOnHost: string;
        readonly PathInContainer: string;
        readonly CgroupPermissions: string;
      }[]
    | null;
  readonly DeviceRequests?:
    | readonly {
        readonly Driver?: string;
        readonly Count?: number;
        readonly DeviceIDs?: readonly string[];
        readonly Capabilities?: readonly (readonly string[])[];
        readonly Options?: Labels;
      }[]
    | null;
  readonly Ulimits?:
    readonly { readonly Name: string; readonly Soft: number; readonly Hard: number }[] | null;
}

/** Body of POST /containers/create. */
export interface ContainerCreateBody extends ContainerConfig {
  readonly Image: string;
  readonly HostConfig: HostConfig;
  readonly NetworkingConfig?: { readonly EndpointsConfig: Readonly<Record<string, EndpointSettings>> };
}

/** GET /networks and /networks/{id} */
export interface NetworkResource {
  readonly Id: string;
  readonly Name: string;
  readonly Driver: string;
  readonly Scope?: string;
  readonly Internal?: boolean;
  readonly Attachable?: boolean;
  readonly EnableIPv6?: boolean;
  readonly Labels: Labels | null;
  readonly Options?: Labels | null;
  readonly IPAM?: {
    readonly Driver?: string;
    readonly Options?: Labels | null;
    readonly Config?: readonly IpamConfig[] | null;
  };
  /** By container id; inspect only. */
  readonly Containers?: Readonly<Record<string, { readonly Name: string }>>;
}

export interface IpamConfig {
  readonly Subnet?: string;
  readonly IPRange?: string;
  readonly Gateway?: string;
  /** Named differently in requests and answers of some versions: both are the auxiliary addresses. */
  readonly AuxiliaryAddresses?: Labels;
}

/** Body of POST /networks/create. */
export interface NetworkCreateBody {
  readonly Name: string;
  readonly CheckDuplicate?: boolean;
  readonly Driver?: string;
  readonly Internal?: boolean;
  readonly Attachable?: boolean;
  readonly EnableIPv4?: boolean;
  readonly EnableIPv6?: boolean;
  readonly IPAM?: {
    readonly Driver?: string;
    readonly Config?: readonly IpamConfig[];
    readonly Options?: Labels;
  };
  readonly Options?: Labels;
  readonly Labels?: Labels;
}

/** GET /volumes items */
export interface VolumeResource {
  readonly Name: string;
  readonly Driver: string;
  readonly Mountpoint?: string;
  readonly CreatedAt?: string;
  readonly Labels: Labels | null;
  readonly Options: Labels | null;
  readonly Scope?: string;
}

/** Body of POST /volumes/create. */
export interface VolumeCreateBody {
  readonly Name: string;
  readonly Driver?: string;
  readonly DriverOpts?: Labels;
  readonly Labels?: Labels;
}

/** GET /images/json items */
export interface ImageSummary {
  readonly Id: string;
  readonly RepoTags: readonly string[] | null;
  readonly RepoDigests: readonly string[] | null;
  readonly Labels: Labels | null;
  /** Unix seconds. */
  readonly Created: number;
  readonly Size: number;
}

/** GET /images/{name}/json */
export interface ImageInspect {
  readonly Id: string;
  readonly RepoTags: readonly string[] | null;
  readonly RepoDigests: readonly string[] | null;
  readonly Created?: string;
  readonly Size: number;
  readonly Os?: string;
  readonly Architecture?: string;
  readonly Variant?: string;
  readonly Config?: ContainerConfig | null;
  readonly RootFS?: { readonly Layers?: readonly string[] };
  readonly Metadata?: { readonly LastTagTime?: string };
}

/** One line of GET /events. */
export interface EngineMessage {
  readonly Type: string;
  /** e.g. `start`, `die`, `health_status: healthy`, `exec_die`. */
  readonly Action: string;
  readonly Actor: { readonly ID: string; readonly Attributes: Labels };
  /** Unix seconds. */
  readonly time: number;
  readonly timeNano: number;
}

/** One line of the progress streams of pull, push and build. */
export interface ProgressMessage {
  readonly status?: string;
  readonly id?: string;
  readonly progressDetail?: { readonly current?: number; readonly total?: number };
  readonly stream?: string;
  readonly error?: string;
  readonly errorDetail?: { readonly code?: number; readonly message?: string };
  /** BuildKit: `id` is `moby.buildkit.trace` (base64 protobuf) or `moby.image.id`. */
  readonly aux?: unknown;
}
