/**
 * The one interface through which tcompose talks to a container engine. `ReadOnlyEngine` cannot change anything:
 * planning takes it, so that a plan is read-only by type. Every method rejects with a `TcomposeError`
 * (EngineResponseError with the HTTP status, EngineUnreachableError, EngineProtocolError, AbortedError).
 * Each method is one Engine API operation, named in its comment. Containers are addressed by id or name.
 */
import type { Duplex, Readable } from "node:stream";
import type {
  CommitBody,
  ContainerStats,
  EngineInfo,
  EngineVersion,
  ExecCreateBody,
  ExecInspect,
  PathStat,
} from "./types-system.ts";
import type {
  ContainerCreateBody,
  ContainerInspect,
  ContainerSummary,
  EndpointSettings,
  EngineMessage,
  Filters,
  HostConfig,
  ImageInspect,
  ImageSummary,
  NetworkCreateBody,
  NetworkResource,
  ProgressMessage,
  VolumeCreateBody,
  VolumeResource,
} from "./types.ts";

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

/** One piece of a container's output. With a TTY everything is `stdout`. */
export interface OutputChunk {
  readonly stream: "stdout" | "stderr";
  readonly data: Buffer;
}

export interface LogOptions extends CallOptions {
  readonly follow?: boolean;
  /** Number of lines, or everything. */
  readonly tail?: number | "all";
  /** Unix seconds with fraction ("1700000000.5"), or RFC 3339. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  /** Prefix each line with the engine's own RFC 3339 nanosecond time. */
  readonly timestamps?: boolean;
  /** The container has a TTY: the stream is raw, without frames. */
  readonly tty: boolean;
}

export interface EventsOptions extends CallOptions {
  readonly filters?: Filters;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  /** Called when the engine has accepted the subscription: nothing after this moment is missed. */
  readonly onOpen?: () => void;
}

export interface ReadOnlyEngine {
  /** Where it is, e.g. `unix:///var/run/docker.sock`. */
  readonly endpoint: string;
  /** Negotiated API version, e.g. "1.41". */
  readonly apiVersion: string;
  /** `docker` or `podman`. */
  readonly flavour: "docker" | "podman";
  /** Version of the engine itself as it told with its first answer, e.g. "20.10.24"; only shown. */
  readonly release?: string | undefined;
  /** Variables for containers and build steps that the client's settings for this engine name; absent: none. */
  readonly proxies?: Readonly<Record<string, string>> | undefined;

  /** GET /version */
  version(options?: CallOptions): Promise<EngineVersion>;
  /** GET /info */
  info(options?: CallOptions): Promise<EngineInfo>;
  /** GET /containers/json (`all` defaults to true) */
  listContainers(
    options?: CallOptions & { readonly filters?: Filters; readonly all?: boolean },
  ): Promise<ContainerSummary[]>;
  /** GET /containers/{id}/json; 404 rejects */
  inspectContainer(id: string, options?: CallOptions): Promise<ContainerInspect>;
  /** GET /containers/{id}/top */
  topContainer(
    id: string,
    options?: CallOptions & { readonly psArgs?: string },
  ): Promise<{ readonly Titles: readonly string[]; readonly Processes: readonly (readonly string[])[] }>;
  /** GET /containers/{id}/logs, demultiplexed */
  containerLogs(id: string, options: LogOptions): AsyncIterable<OutputChunk>;
  /** GET /networks */
  listNetworks(options?: CallOptions & { readonly filters?: Filters }): Promise<NetworkResource[]>;
  /** GET /networks/{id}; undefined when there is none */
  inspectNetwork(id: string, options?: CallOptions): Promise<NetworkResource | undefined>;
  /** GET /volumes */
  listVolumes(options?: CallOptions & { readonly filters?: Filters }): Promise<VolumeResource[]>;
  /** GET /volumes/{name}; undefined when there is none */
  inspectVolume(name: string, options?: CallOptions): Promise<VolumeResource | undefined>;
  /** GET /images/json */
  listImages(options?: CallOptions & { readonly filters?: Filters }): Promise<ImageSummary[]>;
  /** GET /images/{name}/json; undefined when there is none */
  inspectImage(reference: string, options?: CallOptions): Promise<ImageInspect | undefined>;
  /** GET /distribution/{name}/json: the digest that the image's registry has for it now; asks the registry */
  imageDigest(
    reference: string,
    options?: CallOptions & { readonly registryAuth?: string | undefined },
  ): Promise<string>;
  /** GET /events as a live stream; ends when the signal aborts or `until` is reached */
  events(options: EventsOptions): AsyncIterable<EngineMessage>;
  /** GET /exec/{id}/json */
  inspectExec(id: string, options?: CallOptions): Promise<ExecInspect>;
  /** GET /containers/{id}/stats: a measurement a second; `stream: false`: one that has two to compare */
  containerStats(
    id: string,
    options: CallOptions & { readonly stream: boolean },
  ): AsyncIterable<ContainerStats>;
  /** GET /containers/{id}/export: the whole file system as a tar stream */
  exportContainer(id: string, options?: CallOptions): Promise<Readable>;
  /** HEAD /containers/{id}/archive: what is at a path, links not followed; undefined when nothing is */
  statPath(id: string, path: string, options?: CallOptions): Promise<PathStat | undefined>;
  /** GET /containers/{id}/archive: a tar stream */
  getArchive(id: string, path: string, options?: CallOptions): Promise<Readable>;
}

export interface BuildQuery {
  /** `1` classic, `2` BuildKit. */
  readonly version?: "1" | "2";
  /** A list is sent as the parameter repeated (`t` of several tags). Objects are JSON text (`labels`, `buildargs`). */
  readonly [parameter: string]: string | readonly string[] | undefined;
}

export interface EngineApi extends ReadOnlyEngine {
  /** POST /containers/create; answers the id */
  createContainer(
    name: string,
    body: ContainerCreateBody,
    options?: CallOptions & { readonly platform?: string | undefined },
  ): Promise<{ readonly id: string; readonly warnings: readonly string[] }>;
  /** POST /containers/{id}/start; already running is fine */
  startContainer(id: string, options?: CallOptions): Promise<void>;
  /** POST /containers/{id}/stop; not running is fine. `timeoutSeconds` undefined: the container's own */
  stopContainer(
    id: string,
    options?: CallOptions & { readonly timeoutSeconds?: number | undefined },
  ): Promise<void>;
  /** POST /containers/{id}/restart */
  restartContainer(
    id: string,
    options?: CallOptions & { readonly timeoutSeconds?: number | undefined },
  ): Promise<void>;
  /** POST /containers/{id}/kill */
  killContainer(id: string, options?: CallOptions & { readonly killSignal?: string }): Promise<void>;
  /** POST /containers/{id}/pause */
  pauseContainer(id: string, options?: CallOptions): Promise<void>;
  /** POST /containers/{id}/unpause */
  unpauseContainer(id: string, options?: CallOptions): Promise<void>;
  /** POST /containers/{id}/rename */
  renameContainer(id: string, name: string, options?: CallOptions): Promise<void>;
  /** POST /containers/{id}/update */
  updateContainer(id: string, body: Partial<HostConfig>, options?: CallOptions): Promise<void>;
  /** DELETE /containers/{id}; absent is fine */
  removeContainer(
    id: string,
    options?: CallOptions & { readonly force?: boolean; readonly volumes?: boolean },
  ): Promise<void>;
  /** POST /commit: an image of the container as it is now; answers its id */
  commitContainer(id: string, body: CommitBody, options?: CallOptions): Promise<string>;
  /** PUT /containers/{id}/archive: unpacks a tar stream at `path` */
  putArchive(
    id: string,
    path: string,
    tar: Readable | Buffer,
    options?: CallOptions & { readonly noOverwriteDirNonDir?: boolean; readonly copyUidGid?: boolean },
  ): Promise<void>;
  /** POST /containers/{id}/attach, hijacked */
  attachContainer(
    id: string,
    options: CallOptions & {
      readonly stdin?: boolean;
      readonly stdout?: boolean;
      readonly stderr?: boolean;
      readonly logs?: boolean;
      readonly detachKeys?: string;
    },
  ): Promise<Duplex>;
  /** POST /containers/{id}/resize */
  resizeContainer(
    id: string,
    size: { readonly columns: number; readonly rows: number },
    options?: CallOptions,
  ): Promise<void>;
  /** POST /containers/{id}/exec; answers the exec id */
  createExec(id: string, body: ExecCreateBody, options?: CallOptions): Promise<string>;
  /** POST /exec/{id}/start, hijacked: raw with a TTY, framed without (see `demultiplex`) */
  startExec(execId: string, options: CallOptions & { readonly tty: boolean }): Promise<Duplex>;
  /** POST /exec/{id}/start detached */
  startExecDetached(execId: string, options?: CallOptions): Promise<void>;
  /** POST /exec/{id}/resize */
  resizeExec(
    execId: string,
    size: { readonly columns: number; readonly rows: number },
    options?: CallOptions,
  ): Promise<void>;

  /** POST /networks/create; answers the id */
  createNetwork(body: NetworkCreateBody, options?: CallOptions): Promise<string>;
  /** DELETE /networks/{id}; absent is fine */
  removeNetwork(id: string, options?: CallOptions): Promise<void>;
  /** POST /networks/{id}/connect */
  connectNetwork(
    network: string,
    container: string,
    endpoint: EndpointSettings,
    options?: CallOptions,
  ): Promise<void>;
  /** POST /networks/{id}/disconnect */
  disconnectNetwork(
    network: string,
    container: string,
    options?: CallOptions & { readonly force?: boolean },
  ): Promise<void>;
  /** POST /volumes/create */
  createVolume(body: VolumeCreateBody, options?: CallOptions): Promise<void>;
  /** DELETE /volumes/{name}; absent is fine */
  removeVolume(name: string, options?: CallOptions & { readonly force?: boolean }): Promise<void>;

  /** POST /images/create as a progress stream; an error line in the stream rejects */
  pullImage(
    reference: string,
    options?: CallOptions & {
      readonly platform?: string | undefined;
      readonly registryAuth?: string | undefined;
    },
  ): AsyncIterable<ProgressMessage>;
  /** POST /images/{name}/push as a progress stream */
  pushImage(
    reference: string,
    options: CallOptions & { readonly registryAuth: string },
  ): AsyncIterable<ProgressMessage>;
  /** POST /images/{name}/tag */
  tagImage(source: string, target: string, options?: CallOptions): Promise<void>;
  /** DELETE /images/{name}; absent is fine */
  removeImage(
    reference: string,
    options?: CallOptions & { readonly force?: boolean; readonly noPrune?: boolean },
  ): Promise<void>;
  /** POST /images/prune */
  pruneImages(options: CallOptions & { readonly filters: Filters }): Promise<readonly string[]>;
  /** POST /build with a tar context (or none: remote or session context) as a progress stream */
  buildImage(
    query: BuildQuery,
    context: Readable | Buffer | undefined,
    options?: CallOptions & { readonly registryConfig?: string | undefined },
  ): AsyncIterable<ProgressMessage>;
  /** DELETE for a BuildKit build: POST /build/cancel */
  cancelBuild(buildId: string, options?: CallOptions): Promise<void>;
  /** POST /session, hijacked h2c: the client side of BuildKit callbacks */
  openSession(
    headers: Readonly<Record<string, string | readonly string[]>>,
    options?: CallOptions,
  ): Promise<Duplex>;

  /** POST /grpc, hijacked h2c: BuildKit's control API, where Docker offers it (not Podman) */
  openControl(options?: CallOptions): Promise<Duplex>;

  /** Closes kept-alive connections. */
  close(): void;
}
