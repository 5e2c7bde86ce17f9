/**
 * A plan: what will be done, why, and in which order. Pure data, JSON-safe, deterministic in ids and order.
 * Each operation stands for one Engine API call or one wait.
 */
import type { Build, Hook } from "../../schema/model.ts";
import type { SourceRange } from "../../schema/diagnostic.ts";
import type { HashTemplate } from "../desired/hash-template.ts";
import type {
  ContainerCreateBody,
  EndpointSettings,
  HostConfig,
  NetworkCreateBody,
  VolumeCreateBody,
} from "../docker/types.ts";

/** `<kind>:<target>`, e.g. `container.create:app-web-1`. Unique within a plan. */
export type OperationId = string;

/** One changed field of a specification. `from` absent: added; `to` absent: removed. Secret values come as digests. */
export interface FieldChange {
  /** Dotted path inside the resource, e.g. `environment.LOG_LEVEL`, `ports[0].published`. */
  readonly path: string;
  readonly from?: unknown;
  readonly to?: unknown;
  /** Where the new value (or its nearest written ancestor) stands in the stack files. */
  readonly range?: SourceRange;
}

/** Why an operation is in the plan. */
export type Cause =
  /** Declared, but not there. */
  | { readonly type: "missing" }
  /** There, but different. */
  | { readonly type: "diverged"; readonly changes: readonly FieldChange[] }
  /** Made by another tool or version: only the hash is known to differ. */
  | { readonly type: "hash-diverged"; readonly from: string; readonly to: string }
  /** The image behind the reference is another one now, or will be built or pulled anew. */
  | { readonly type: "image-changed"; readonly from: string | undefined; readonly to: string | undefined }
  | { readonly type: "dependency-recreated"; readonly service: string }
  /** This plan makes the network anew. */
  | { readonly type: "network-recreated"; readonly network: string }
  /** Somebody removed the network that the container was on, whatever has its name now. */
  | { readonly type: "network-gone"; readonly network: string }
  | { readonly type: "volume-recreated"; readonly volume: string }
  | { readonly type: "forced" }
  /** The engine was interrupted while it started the container, and cannot start it any more. */
  | { readonly type: "unstartable" }
  | { readonly type: "scale"; readonly from: number; readonly to: number }
  | { readonly type: "orphan" }
  /** Left over from an interrupted run. */
  | { readonly type: "leftover" }
  /** Exists but does not run. */
  | { readonly type: "not-running"; readonly state: string }
  | { readonly type: "renamed"; readonly from: string; readonly to: string }
  /** Networks that it should be on, and is not any more. */
  | { readonly type: "disconnected"; readonly networks: readonly string[] }
  /** The user asked for it (down, stop, pull, build). */
  | { readonly type: "requested" }
  /** The dependency graph needs it: waiting for readiness, hooks. */
  | { readonly type: "dependency"; readonly of: readonly string[] };

/**
 * What an edge needs of its origin: success, or only an end (optional dependencies). `failed`: the operation is there
 * for the case that the origin fails; it is skipped unless at least one origin of such an edge did.
 */
export interface Edge {
  readonly on: OperationId;
  readonly when: "succeeded" | "settled" | "failed";
}

/** What a reporter groups operations under. `recreate` of one container is several operations of one resource. */
export interface ResourceRef {
  readonly type: "image" | "network" | "volume" | "container" | "service" | "model";
  /** Name on the engine (containers: the final name), or the service's name, or the model's reference. */
  readonly name: string;
  readonly service?: string;
}

interface OperationBase {
  readonly id: OperationId;
  readonly resource: ResourceRef;
  readonly cause: Cause;
  readonly dependsOn: readonly Edge[];
  /** A failure is reported as a warning and does not block dependants. */
  readonly bestEffort?: boolean;
  /**
   * Absent: always done. Else done only when, at its turn, at least one of the references means another image than
   * the id given: what a build or pull brings is known only after it. Otherwise the outcome is `skipped`, which
   * counts as success for dependants.
   */
  readonly onlyIf?: readonly ImageCondition[];
}

export interface ImageCondition {
  readonly image: string;
  readonly differsFrom: string;
}

export interface ImagePull extends OperationBase {
  readonly kind: "image.pull";
  readonly reference: string;
  readonly platform?: string;
  /** Services that need it. */
  readonly services: readonly string[];
  /** Tag it again after the pull: engines note the time only when something new came, and refresh windows go by it. */
  readonly renewsTag?: boolean;
}
export interface ImageBuild extends OperationBase {
  readonly kind: "image.build";
  readonly service: string;
  /** First one is the image the service runs. */
  readonly tags: readonly string[];
  readonly build: Build;
  /** What the image shall run on; absent: what the engine runs on. */
  readonly platform?: string;
  /** All that the image is for, where the engine's store can hold several. */
  readonly platforms?: readonly string[];
  readonly noCache?: boolean;
  readonly pull?: boolean;
  /** Memory of build containers in bytes. The classic builder alone knows it. */
  readonly memory?: number;
}
export interface ImagePush extends OperationBase {
  readonly kind: "image.push";
  readonly reference: string;
}
export interface NetworkCreate extends OperationBase {
  readonly kind: "network.create";
  readonly body: NetworkCreateBody;
}
export interface NetworkRemove extends OperationBase {
  readonly kind: "network.remove";
  readonly network: string;
}
export interface NetworkConnect extends OperationBase {
  readonly kind: "network.connect";
  readonly network: string;
  readonly container: string;
  readonly endpoint: EndpointSettings;
}
export interface NetworkDisconnect extends OperationBase {
  readonly kind: "network.disconnect";
  readonly network: string;
  readonly container: string;
}
export interface VolumeCreate extends OperationBase {
  readonly kind: "volume.create";
  readonly body: VolumeCreateBody;
}
export interface VolumeRemove extends OperationBase {
  readonly kind: "volume.remove";
  readonly volume: string;
}
export interface ImageRemove extends OperationBase {
  readonly kind: "image.remove";
  readonly reference: string;
}
/** The executor resolves `body.Image` to the id present at that moment and writes it into the image label. */
export interface ContainerCreate extends OperationBase {
  readonly kind: "container.create";
  readonly service: string;
  readonly number: number;
  /** Name to create under: the final name, or a temporary one during a recreate. */
  readonly name: string;
  readonly body: ContainerCreateBody;
  readonly platform?: string;
  /** The config-hash label depends on ids of containers that this plan may make: it is written at creation. */
  readonly lateHash?: {
    readonly template: HashTemplate;
    /** Container by service of the template. */
    readonly containers: Readonly<Record<string, string>>;
  };
}
/** Puts configs and secrets that have no file on the host into the container (PUT archive), before each start. */
export interface ContainerCopy extends OperationBase {
  readonly kind: "container.copy";
  readonly service: string;
  readonly container: string;
  /** Content is resolved at execution and never part of a plan. */
  readonly files: readonly {
    readonly from: "config" | "secret";
    readonly key: string;
    readonly target: string;
    readonly uid?: string;
    readonly gid?: string;
    readonly mode?: string;
  }[];
}
export interface ContainerStart extends OperationBase {
  readonly kind: "container.start";
  readonly service: string;
  readonly container: string;
  /** Host port ranges are allocated by the engine non-atomically: such starts run one at a time. */
  readonly serial?: boolean;
}
export interface ContainerStop extends OperationBase {
  readonly kind: "container.stop";
  readonly container: string;
  readonly service?: string;
  readonly timeoutSeconds?: number;
}
export interface ContainerRemove extends OperationBase {
  readonly kind: "container.remove";
  readonly container: string;
  readonly service?: string;
  readonly force: boolean;
  /** Also its anonymous volumes. */
  readonly volumes: boolean;
}
export interface ContainerRename extends OperationBase {
  readonly kind: "container.rename";
  /** Current name or id. */
  readonly container: string;
  readonly to: string;
}
export interface ContainerUpdate extends OperationBase {
  readonly kind: "container.update";
  readonly container: string;
  readonly service: string;
  readonly patch: Partial<HostConfig>;
}
export interface ContainerUnpause extends OperationBase {
  readonly kind: "container.unpause";
  readonly container: string;
  readonly service: string;
}
/** The process is told of something, and goes on. */
export interface ContainerSignal extends OperationBase {
  readonly kind: "container.signal";
  readonly container: string;
  readonly service: string;
  /** `SIGHUP` */
  readonly signal: string;
}
/** Writes into the container which content of configs and secrets its process knows. */
export interface ContainerMark extends OperationBase {
  readonly kind: "container.mark";
  readonly container: string;
  readonly service: string;
  /** Digest by `configs/<source>` and `secrets/<source>`. */
  readonly contents: Readonly<Record<string, string>>;
}
/** The old container serves on beside its replacement, until whoever talks to it has found the new one. */
export interface ContainerDrain extends OperationBase {
  readonly kind: "container.drain";
  readonly container: string;
  readonly service: string;
  readonly durationMs: number;
}
export interface HookRun extends OperationBase {
  readonly kind: "hook.run";
  readonly phase: "pre_start" | "post_start" | "pre_stop";
  readonly service: string;
  readonly container: string;
  readonly index: number;
  readonly hook: Hook;
  /** `pre_start`: the container that the hook runs in; the others run inside `container`. */
  readonly own?: PreStartContainer;
}
/** The label of the image is not written: nothing is compared with it. */
export interface PreStartContainer {
  readonly name: string;
  readonly body: ContainerCreateBody;
  readonly connect: readonly { readonly network: string; readonly endpoint: EndpointSettings }[];
}
export type ReadyCondition = "started" | "healthy" | "completed" | "running_or_healthy";
export interface ReadyWait extends OperationBase {
  readonly kind: "ready.wait";
  readonly service: string;
  /** All of them must meet it. */
  readonly containers: readonly string[];
  readonly condition: ReadyCondition;
  readonly timeoutMs?: number;
  /** A container whose restart policy does not restart and that exits 0 is complete, which satisfies `running_or_healthy`. */
  readonly exitZeroIsDone?: boolean;
  /** `false`: no probing of our own between the engine's health checks (`x-tcompose.readiness.probe`). */
  readonly probe?: boolean;
  /** How long a container without health check must run to count as running (`x-tcompose.readiness.stable`). */
  readonly stableMs?: number;
}
export interface ProviderRun extends OperationBase {
  readonly kind: "provider.run";
  readonly service: string;
  readonly action: "up" | "down" | "stop";
  readonly provider: string;
  readonly options: Readonly<Record<string, readonly string[]>>;
}
/** Through the model runner's plugin: pulled where it is missing, and configured. */
export interface ModelPrepare extends OperationBase {
  readonly kind: "model.prepare";
  readonly model: string;
  readonly pull: boolean;
  /** Tokens. */
  readonly contextSize?: number;
  readonly runtimeFlags: readonly string[];
}

export type Operation =
  | ImagePull
  | ImageBuild
  | ImagePush
  | ImageRemove
  | NetworkCreate
  | NetworkRemove
  | NetworkConnect
  | NetworkDisconnect
  | VolumeCreate
  | VolumeRemove
  | ContainerCreate
  | ContainerCopy
  | ContainerStart
  | ContainerStop
  | ContainerRemove
  | ContainerRename
  | ContainerUpdate
  | ContainerUnpause
  | ContainerSignal
  | ContainerMark
  | ContainerDrain
  | HookRun
  | ReadyWait
  | ProviderRun
  | ModelPrepare;
export type OperationKind = Operation["kind"];

/** What the plan does to one resource as a whole, for people: one line in `plan` each. */
export interface ResourceChange {
  readonly resource: ResourceRef;
  readonly action:
    | "create"
    | "recreate"
    | "update"
    | "start"
    | "stop"
    | "remove"
    | "pull"
    | "build"
    | "push"
    | "run"
    | "keep";
  readonly cause: Cause;
  readonly operations: readonly OperationId[];
  /** A container that stays as it is, and has ended with success. */
  readonly completed?: true;
}

export interface Plan {
  readonly formatVersion: 1;
  readonly project: string;
  /** Digest of the observed state that the plan was made from. */
  readonly observed: string;
  /** In a topological order. */
  readonly operations: readonly Operation[];
  /** In the stack's order; resources that stay as they are have `keep`. */
  readonly changes: readonly ResourceChange[];
}

/** A question that needs a person; planning again with an answer gives the final plan. */
export interface Decision {
  readonly id: string;
  readonly question: "volume-data-loss" | "foreign-project";
  /** What it is about; `foreign-project`: one of the containers. */
  readonly resource: ResourceRef;
  readonly changes: readonly FieldChange[];
  /** Flag that answers it, for the message when there is no terminal. */
  readonly flag: string;
}

export interface PlanWarning {
  readonly code: "orphans" | "foreign-resource" | "ignored-attribute" | "optional-dependency";
  readonly resource?: ResourceRef;
  readonly names?: readonly string[];
  readonly detail?: string;
}

export interface PlanResult {
  readonly plan: Plan;
  readonly decisions: readonly Decision[];
  readonly warnings: readonly PlanWarning[];
}

/** Whether carrying the plan out changes anything on the engine. Waits alone do not. */
export function hasWork(plan: Plan): boolean {
  return plan.operations.some((operation) => operation.kind !== "ready.wait");
}
