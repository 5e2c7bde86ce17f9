/** What should run, ready to be compared: pure data made from a `Stack`. */
import type { Dependency, Service, StackPath } from "../../schema/model.ts";
import type { ReadinessSettings, UpdateSettings } from "./update-settings.ts";
import type { DesiredModel } from "./models.ts";
import type { OnChange } from "./on-change.ts";
import type { HashTemplate } from "./hash-template.ts";
import type { ContainerCopy, PlanWarning } from "../plan/operation.ts";
import type { SourceRange } from "../../schema/diagnostic.ts";
import type {
  ContainerCreateBody,
  EndpointSettings,
  NetworkCreateBody,
  VolumeCreateBody,
} from "../docker/types.ts";

export interface ProjectIdentity {
  readonly name: string;
  /** Absolute. */
  readonly workingDir: string;
  readonly configFiles: readonly string[];
  readonly environmentFiles: readonly string[];
}

/** Canonical specification of a resource as plain JSON; what a difference is computed on. */
export type Specification = Readonly<Record<string, unknown>>;

export interface DesiredService {
  readonly name: string;
  readonly service: Service;
  readonly replicas: number;
  /** The resolved service plus digests of the content of its configs and secrets; secret values as digests. */
  readonly specification: Specification;
  /** The peer's hash of the service, for `com.docker.compose.config-hash`. */
  readonly configHash: string;
  /** For services that share namespaces or volumes: the hash needs the ids of those containers. */
  readonly hashTemplate?: HashTemplate;
  readonly image: {
    readonly reference: string;
    readonly platform?: string;
    readonly buildable: boolean;
    readonly pullPolicy: string;
  };
  /** What it waits for before it starts: `depends_on`, links and shared namespaces; services of this state only. */
  readonly dependencies: Readonly<Record<string, Dependency>>;
  /** Services whose containers it shares a namespace or volumes with: recreated when they are. */
  readonly attachedTo: readonly string[];
  /** Put into each container before each start. */
  readonly copies: ContainerCopy["files"];
  readonly update: UpdateSettings;
  /** How a wait for it is done; part of every `ready.wait`. */
  readonly readiness: ReadinessSettings;
  /** What changed content of its configs and secrets does to a running container. */
  readonly onChange: OnChange;
  /** The engine can change limits and the restart policy of a container that exists. */
  readonly updatable: boolean;
  /** The engine looks for a container's networks when it starts, not when it is created. */
  readonly earlyCreation: boolean;
  /** `unknown`: the image may have one. */
  readonly healthcheck: "declared" | "disabled" | "unknown";
  /** Names of the containers, replica 1 first. */
  containerName(number: number): string;
  /**
   * Creation request for one replica. References to other services' containers are by name.
   * `networks` beyond what the API version takes at creation come in `connect`.
   */
  request(number: number, peers?: PeerContainers): ContainerRequest;
}

/** Name of the container that stands for a service whose namespace or volumes are shared; default: replica 1. */
export type PeerContainers = ReadonlyMap<string, string>;

export interface ContainerRequest {
  readonly body: ContainerCreateBody;
  readonly connect: readonly { readonly network: string; readonly endpoint: EndpointSettings }[];
}

export interface DesiredNetwork {
  readonly key: string;
  readonly name: string;
  readonly external: boolean;
  readonly specification: Specification;
  readonly body: NetworkCreateBody;
}

export interface DesiredVolume {
  readonly key: string;
  readonly name: string;
  readonly external: boolean;
  readonly specification: Specification;
  readonly body: VolumeCreateBody;
}

/** As much of a service as its image needs. */
export type BuildableService = Pick<DesiredService, "name" | "service" | "image">;

export interface DesiredState {
  readonly project: ProjectIdentity;
  /** In dependency order, dependencies first. */
  readonly services: readonly DesiredService[];
  /** Names of services in the files that are not selected now: not orphans. */
  readonly unselected: readonly string[];
  /** Services that are not selected, but whose images builds of selected ones take as contexts. */
  readonly buildContexts: readonly BuildableService[];
  readonly networks: readonly DesiredNetwork[];
  readonly volumes: readonly DesiredVolume[];
  readonly models: readonly DesiredModel[];
  /** Attributes that this engine does not take and that do no harm when left out. */
  readonly warnings: readonly PlanWarning[];
  readonly locate: (path: StackPath) => SourceRange | undefined;
}
