/** A plan that only brings the images of services: pulled or built, as `up` would. */
import type { DesiredState } from "../desired/model.ts";
import { observedDigest } from "../observe/digest.ts";
import type { ObservedState } from "../observe/model.ts";
import { PlanBuilder } from "../plan/builder.ts";
import { planImages } from "../plan/images.ts";
import type { Plan } from "../plan/operation.ts";
import type { UpPolicy } from "../plan/policy.ts";

/** @throws RefusedError when an image that is not there may be neither pulled nor built */
export function planServiceImages(
  desired: DesiredState,
  observed: ObservedState,
  policy: Pick<UpPolicy, "build" | "pull">,
): Plan {
  const builder = new PlanBuilder();
  planImages(builder, desired, observed, policy);
  const references = desired.services.map(({ image }) => image.reference);
  return builder.build(desired.project.name, () => observedDigest(observed, references));
}
