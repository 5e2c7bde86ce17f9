/** What is there: one snapshot of the engine, made from one list call a resource kind. Pure data. */
import type {
  ContainerStateName,
  EndpointSettings,
  HostConfig,
  Labels,
  MountPoint,
} from "../docker/types.ts";

export type Health = "none" | "starting" | "healthy" | "unhealthy";

export interface ObservedContainer {
  readonly id: string;
  /** Without the leading slash. */
  readonly name: string;
  readonly service: string;
  /** Replica number; undefined for one-off containers. */
  readonly number: number | undefined;
  readonly oneoff: boolean;
  readonly state: ContainerStateName;
  readonly health: Health;
  /** Of an exited container. */
  readonly exitCode: number | undefined;
  /** Reference it was created from. */
  readonly image: string;
  readonly imageId: string;
  readonly labels: Labels;
  /** By network name. */
  readonly networks: Readonly<Record<string, EndpointSettings>>;
  readonly mounts: readonly MountPoint[];
  readonly ports: readonly {
    readonly ip?: string;
    readonly private: number;
    readonly public?: number;
    readonly type: string;
  }[];
  /** Unix seconds. */
  readonly createdAt: number;
  /** English status text of the engine, for `ps`. */
  readonly status: string;
  readonly command: string;
  /** Settings as they are now; only of containers that were looked at one by one, see `observeDetails`. */
  readonly host?: HostConfig;
  /** Content digests that its process was told of last; absent: those that it was made with. */
  readonly applied?: Readonly<Record<string, string>>;
}

export interface ObservedNetwork {
  readonly id: string;
  readonly name: string;
  /** Key in the stack, from the label; undefined: not made by a stack. */
  readonly key: string | undefined;
  readonly project: string | undefined;
  readonly labels: Labels;
  readonly driver: string;
}

export interface ObservedVolume {
  readonly name: string;
  readonly key: string | undefined;
  readonly project: string | undefined;
  readonly labels: Labels;
  readonly driver: string;
}

export interface ObservedImage {
  readonly id: string;
  readonly labels: Labels;
  /** Unix seconds. */
  readonly created: number;
}

/** `stale`: past its refresh window; `platform`: made for another platform. */
export type StaleImage = "stale" | "platform";

export interface ObservedState {
  readonly project: string;
  /** All of the project, one-offs included, by name. */
  readonly containers: readonly ObservedContainer[];
  /** Of the project, and those that the stack names, whoever made them. */
  readonly networks: readonly ObservedNetwork[];
  readonly volumes: readonly ObservedVolume[];
  /** By normalised reference (see `engine/images/reference.ts`), and by id. */
  readonly images: ReadonlyMap<string, ObservedImage>;
  /** By reference as services write it: present images that have to be pulled anew. */
  readonly staleImages?: ReadonlyMap<string, StaleImage>;
}
