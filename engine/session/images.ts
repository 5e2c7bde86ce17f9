/** Plans that only pull or only build the images of a stack. */
import { imageKey } from "../ref.ts";
import type { DesiredState } from "../desired/model.ts";
import { observedDigest } from "../observe/digest.ts";
import type { ObservedState } from "../observe/model.ts";
import { PlanBuilder } from "../plan/builder.ts";
import { planImages } from "../plan/images.ts";
import type { Operation, Plan, ResourceChange } from "../plan/operation.ts";
import type { UpPolicy } from "../plan/policy.ts";

export interface PullPolicy {
  /** Also images that are there already. */
  readonly always: boolean;
  /** Leave out what the stack can build. */
  readonly ignoreBuildable?: boolean;
  readonly ignoreFailures?: boolean;
}

/** A failed pull of what can be built is no failure. */
export function planPullImages(desired: DesiredState, observed: ObservedState, policy: PullPolicy): Plan {
  const buildable = new Set(
    desired.services.filter(({ image }) => image.buildable).map(({ image }) => imageKey(image.reference)),
  );
  const services = desired.services.filter(
    ({ image }) => !(policy.ignoreBuildable === true && image.buildable),
  );
  const plan = imagesOnly({ ...desired, services }, observed, {
    build: "never",
    pull: policy.always ? "always" : "missing",
  });
  const operations = plan.operations
    .filter(({ kind }) => kind === "image.pull")
    .map((operation): Operation => {
      const isOptional =
        policy.ignoreFailures === true ||
        (operation.kind === "image.pull" && buildable.has(imageKey(operation.reference)));
      return isOptional ? { ...operation, bestEffort: true } : operation;
    });
  return { ...plan, operations };
}

export function planBuildImages(
  desired: DesiredState,
  observed: ObservedState,
  options: UpPolicy["buildOptions"],
): Plan {
  const services = desired.services.filter(({ image }) => image.buildable);
  return imagesOnly({ ...desired, services }, observed, {
    build: "always",
    ...(options === undefined ? {} : { buildOptions: options }),
  });
}

function imagesOnly(desired: DesiredState, observed: ObservedState, policy: UpPolicy): Plan {
  const builder = new PlanBuilder();
  planImages(builder, desired, observed, policy);
  const digest = observedDigest(
    observed,
    desired.services.map(({ image }) => image.reference),
  );
  const plan = builder.build(desired.project.name, digest);
  return { ...plan, changes: plan.changes.length > 0 ? plan.changes : plan.operations.map(changeOf) };
}

function changeOf({ id, kind, resource, cause }: Operation): ResourceChange {
  return { resource, action: kind === "image.build" ? "build" : "pull", cause, operations: [id] };
}
