/** Plans of `build` and `push`: made from the stack alone, they ask for nothing that is on the engine. Pure. */
import type { Service, Stack } from "../../schema/model.ts";
import { contextServices, withBuildContexts, type Buildable } from "../desired/build-contexts.ts";
import { servicePlatform } from "../desired/platform.ts";
import { digestOf } from "../hash.ts";
import { imageKey, imageName } from "../ref.ts";
import { buildOperation, buildPlatforms, runPlatform, type BuildOptions } from "./build-operation.ts";
import { PlanBuilder } from "./builder.ts";
import type { OperationId, Plan } from "./operation.ts";

export interface BuildsPolicy extends BuildOptions {
  /** Send what has a name to its registry afterwards. */
  readonly push?: boolean;
}

const REQUESTED = { type: "requested" } as const;

/**
 * Builds of all services of the stack, and of those whose images they take as additional contexts.
 * @throws UsageError for platforms that cannot be
 */
export function planBuilds(stack: Stack, policy: BuildsPolicy = {}): Plan {
  const builder = new PlanBuilder();
  const wanted = withBuildContexts(stack);
  const operations = new Map<string, OperationId>();
  for (const [name, service] of wanted) operations.set(name, addBuild(builder, stack, name, service, policy));
  for (const [name, { build }] of wanted) {
    for (const other of contextServices(build)) {
      const [id, before] = [operations.get(name), operations.get(other)];
      if (id !== undefined && before !== undefined && id !== before) builder.order(id, before);
    }
  }
  if (policy.push === true) {
    for (const [name, service] of wanted) addPushes(builder, service, operations.get(name), false);
  }
  return builder.build(stack.name, () => digestOf([]));
}

/** Pushes of all images that services build under a name. A failure of one leaves the others alone. */
export function planPushes(stack: Stack, policy: { readonly ignoreFailures: boolean }): Plan {
  const builder = new PlanBuilder();
  for (const service of Object.values(stack.services)) {
    addPushes(builder, service, undefined, policy.ignoreFailures);
  }
  return builder.build(stack.name, () => digestOf([]));
}

function addBuild(
  builder: PlanBuilder,
  stack: Stack,
  name: string,
  service: Buildable,
  options: BuildOptions,
): OperationId {
  const { build } = service;
  const reference = service.image ?? imageName(stack, name);
  const platform = runPlatform(name, servicePlatform(stack, service), build.platforms);
  const operation = buildOperation({
    service: name,
    reference,
    build,
    platform,
    platforms: buildPlatforms(build.platforms),
    cause: REQUESTED,
    ...options,
  });
  if (!builder.has(operation.id)) builder.change(operation.resource, "build", operation.cause);
  return builder.add(operation);
}

function addPushes(
  builder: PlanBuilder,
  { image, build }: Service,
  after: OperationId | undefined,
  bestEffort: boolean,
): void {
  if (image === undefined || build === undefined) return;
  for (const reference of [image, ...(build.tags ?? [])]) {
    const id = `image.push:${imageKey(reference)}`;
    if (builder.has(id)) continue;
    const resource = { type: "image", name: reference } as const;
    builder.change(resource, "push", REQUESTED);
    builder.add(
      {
        id,
        kind: "image.push",
        resource,
        cause: REQUESTED,
        reference,
        ...(bestEffort ? { bestEffort } : {}),
      },
      after === undefined ? [] : [after],
    );
  }
}
