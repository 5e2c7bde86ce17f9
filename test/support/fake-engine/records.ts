/** What the fake engine remembers about each resource. */
import type { Duplex } from "node:stream";
import type { ExecCreateBody } from "../../../engine/docker/types-system.ts";
import type {
  ContainerConfig,
  ContainerCreateBody,
  ContainerStateName,
  EndpointSettings,
  HealthState,
  MountPoint,
  NetworkCreateBody,
  PortBinding,
} from "../../../engine/docker/types.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export interface FakeContainer {
  readonly id: string;
  /** Without a leading slash. */
  name: string;
  readonly imageId: string;
  body: ContainerCreateBody;
  /** Labels of image and request merged. */
  readonly config: ContainerConfig;
  readonly createdAt: Date;
  status: ContainerStateName;
  exitCode: number;
  error: string;
  startedAt: Date | undefined;
  finishedAt: Date | undefined;
  restartCount: number;
  /** Stopped on request: no restart policy applies. */
  stopped: boolean;
  health: Mutable<HealthState> | undefined;
  /** By network name. */
  networks: Map<string, EndpointSettings>;
  ports: Record<string, PortBinding[] | null>;
  mounts: MountPoint[];
  logs: LogRecord[];
  /** Files put by archive, by absolute path. */
  files: Map<string, Buffer>;
  /** Increases on each start: timers of an earlier run do nothing. */
  run: number;
  attached: Set<Duplex>;
}

export interface LogRecord {
  readonly stream: "stdout" | "stderr";
  readonly text: string;
  readonly time: Date;
}

export interface FakeNetwork {
  readonly id: string;
  readonly name: string;
  readonly body: NetworkCreateBody;
  readonly prefix: string;
  nextHost: number;
}

export interface FakeVolume {
  readonly name: string;
  readonly driver: string;
  readonly labels: Record<string, string>;
  readonly options: Record<string, string>;
  readonly anonymous: boolean;
  readonly createdAt: Date;
}

export interface FakeImage {
  readonly id: string;
  tags: string[];
  digests: string[];
  readonly config: ContainerConfig;
  readonly createdAt: Date;
  /** Tagged by a call of its own. */
  taggedAt?: Date;
  readonly size: number;
  readonly os: string;
  readonly architecture: string;
}

/** What a registry offers under a reference, or what a test puts on the engine. */
export interface ImageContent {
  /** Anything that tells two contents apart; the id is its digest. Default: the reference. */
  readonly content?: string;
  readonly config?: ContainerConfig;
  readonly architecture?: string;
}

export interface FakeExec {
  readonly id: string;
  readonly container: string;
  readonly body: ExecCreateBody;
  running: boolean;
  exitCode: number | null;
}

export interface FakeBuild {
  readonly query: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly contextBytes: number;
  /** File names in the context, sorted. */
  readonly contextFiles: readonly string[];
}
