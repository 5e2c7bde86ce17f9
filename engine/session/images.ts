/** A plan that only pulls the images of services. */
import type { DesiredState } from "../desired/model.ts";
import { observedDigest } from "../observe/digest.ts";
import type { ObservedState } from "../observe/model.ts";
import { PlanBuilder } from "../plan/builder.ts";
import { planImages } from "../plan/images.ts";
import type { Plan } from "../plan/operation.ts";

/** @throws RefusedError when an image that is not there may not be pulled */
export function planPullImages(
  desired: DesiredState,
  observed: ObservedState,
  pull: "missing" | "always",
): Plan {
  const builder = new PlanBuilder();
  planImages(builder, desired, observed, { build: "never", pull });
  const digest = observedDigest(
    observed,
    desired.services.map(({ image }) => image.reference),
  );
  return builder.build(desired.project.name, digest);
}
