/** Which images have to be built or pulled, and what waits for them. */
import { contextServices } from "../desired/build-contexts.ts";
import type { BuildableService, DesiredService, DesiredState } from "../desired/model.ts";
import type { Hook } from "../../schema/model.ts";
import { RefusedError } from "../error.ts";
import { imageOf } from "../observe/image-of.ts";
import type { ObservedState, StaleImage } from "../observe/model.ts";
import { imageKey } from "../ref.ts";
import { buildOperation, runPlatform } from "./build-operation.ts";
import type { PlanBuilder } from "./builder.ts";
import type { Cause, OperationId } from "./operation.ts";
import type { UpPolicy } from "./policy.ts";

export interface ImagePlan {
  /** The operation after which the service's image is there; undefined: it is there now. */
  operationOf(service: DesiredService): OperationId | undefined;
  /** The same for the image of a hook that has one of its own. */
  hookImage(hook: Hook): OperationId | undefined;
}

export function planImages(
  builder: PlanBuilder,
  desired: DesiredState,
  observed: ObservedState,
  policy: UpPolicy,
): ImagePlan {
  const used = desired.services.filter(
    ({ service, replicas }) => service.provider === undefined && replicas > 0,
  );
  const builders = new Map(
    used
      .filter(({ image }) => image.buildable)
      .map((service) => [imageKey(service.image.reference), service]),
  );
  const operations = new Map<string, OperationId>();
  for (const service of used) {
    const key = imageKey(service.image.reference);
    if (operations.has(key)) continue;
    const isPresent = imageOf(observed, service.image.reference) !== undefined;
    const buildService = builders.get(key);
    const planned =
      buildService === undefined
        ? planPull(builder, used, service, isPresent, policy, {
            stale: policy.pull === undefined ? observed.staleImages?.get(service.image.reference) : undefined,
          })
        : planBuild(builder, used, buildService, isPresent, policy);
    if (planned !== undefined) operations.set(key, planned);
  }
  planBuildContexts(builder, desired, { used, observed, policy, operations });
  planHookImages(builder, used, observed, policy, operations);
  return {
    operationOf: ({ image }) => operations.get(imageKey(image.reference)),
    hookImage: ({ image }) => (image === undefined ? undefined : operations.get(imageKey(image))),
  };
}

/** Images of `pre_start` hooks: pulled where they are missing. */
function planHookImages(
  builder: PlanBuilder,
  used: readonly DesiredService[],
  observed: ObservedState,
  policy: UpPolicy,
  operations: Map<string, OperationId>,
): void {
  for (const service of used) {
    for (const { image } of service.service.pre_start ?? []) {
      if (image === undefined || operations.has(imageKey(image))) continue;
      if (imageOf(observed, image) !== undefined) continue;
      if ((policy.pull ?? service.image.pullPolicy) === "never") {
        throw new RefusedError(`image ${image} of a pre_start hook of ${service.name} is not on the engine`, {
          hint: "its pull policy is `never`: pull it yourself, or change the policy",
        });
      }
      const resource = { type: "image", name: image, service: service.name } as const;
      const cause: Cause = { type: "missing" };
      builder.change(resource, "pull", cause);
      const id = `image.pull:${image}`;
      builder.add({ id, kind: "image.pull", resource, cause, reference: image, services: [service.name] });
      operations.set(imageKey(image), id);
    }
  }
}

function planBuild(
  builder: PlanBuilder,
  used: readonly DesiredService[],
  service: BuildableService,
  isPresent: boolean,
  policy: UpPolicy,
): OperationId | undefined {
  const { build } = service.service;
  const { reference, pullPolicy } = service.image;
  if (build === undefined) return undefined;
  if (policy.build === "never") return planPull(builder, used, service, isPresent, policy);
  const isAsked = policy.build === "always" || pullPolicy === "build";
  if (!isAsked && isPresent) {
    return (policy.pull ?? pullPolicy) === "always"
      ? planPull(builder, used, service, true, policy, { bestEffort: true })
      : undefined;
  }
  const resource = { type: "image", name: reference, service: service.name } as const;
  const cause: Cause = isPresent ? { type: "requested" } : { type: "missing" };
  builder.change(resource, "build", cause);
  const platform = runPlatform(service.name, service.image.platform, build.platforms);
  return builder.add(
    buildOperation({ service: service.name, reference, build, platform, cause, ...policy.buildOptions }),
  );
}

interface PullReason {
  /** The image that is there is too old or for another platform. */
  readonly stale?: StaleImage | undefined;
  /** What is there serves as well: no failed pull takes it down. */
  readonly bestEffort?: boolean;
}

function planPull(
  builder: PlanBuilder,
  used: readonly DesiredService[],
  service: BuildableService,
  isPresent: boolean,
  policy: UpPolicy,
  { stale, bestEffort = stale === "stale" }: PullReason = {},
): OperationId | undefined {
  const { reference, platform } = service.image;
  const pullPolicy = policy.pull ?? service.image.pullPolicy;
  if (isPresent && pullPolicy !== "always" && stale === undefined) return undefined;
  if (pullPolicy === "never" || (service.image.buildable && service.service.image === undefined)) {
    if (isPresent) return undefined;
    throw new RefusedError(`image ${reference} of service ${service.name} is not on the engine`, {
      hint:
        pullPolicy === "never"
          ? "its pull policy is `never`: pull or build it yourself, or change the policy"
          : "it is built from the stack, and building was switched off",
    });
  }
  const resource = { type: "image", name: reference, service: service.name } as const;
  const cause: Cause = isPresent ? { type: "requested" } : { type: "missing" };
  const services = used
    .filter(({ image }) => imageKey(image.reference) === imageKey(reference))
    .map(({ name }) => name);
  builder.change(resource, "pull", cause);
  return builder.add({
    id: `image.pull:${reference}`,
    kind: "image.pull",
    resource,
    cause,
    reference,
    ...(platform === undefined ? {} : { platform }),
    services,
    ...(bestEffort ? { bestEffort } : {}),
    ...(stale === "stale" ? { renewsTag: true } : {}),
  });
}

interface ContextInput {
  readonly used: readonly DesiredService[];
  readonly observed: ObservedState;
  readonly policy: UpPolicy;
  readonly operations: Map<string, OperationId>;
}

/** A build that takes the result of another service's build comes after it, also when nothing runs that service. */
function planBuildContexts(
  builder: PlanBuilder,
  desired: DesiredState,
  { used, observed, policy, operations }: ContextInput,
): void {
  const byName = new Map<string, BuildableService>(
    [...desired.buildContexts, ...desired.services].map((service) => [service.name, service]),
  );
  const waiting: BuildableService[] = [...used];
  for (let service = waiting.shift(); service !== undefined; service = waiting.shift()) {
    const id = operations.get(imageKey(service.image.reference));
    if (id?.startsWith("image.build:") !== true) continue;
    for (const name of contextServices(service.service.build)) {
      const other = byName.get(name);
      if (other === undefined) continue;
      const key = imageKey(other.image.reference);
      if (!operations.has(key)) {
        const isPresent = imageOf(observed, other.image.reference) !== undefined;
        const planned = planBuild(builder, used, other, isPresent, policy);
        if (planned !== undefined) operations.set(key, planned);
        waiting.push(other);
      }
      const before = operations.get(key);
      if (before !== undefined && id !== before) builder.order(id, before);
    }
  }
}
