/** Images that are there, and older than their pull policy allows, or for another platform. */
import type { DesiredState } from "../desired/model.ts";
import type { CallOptions, ReadOnlyEngine } from "../docker/api.ts";
import { pullDecision } from "../images/pull-policy.ts";
import { imageOf } from "./image-of.ts";
import type { ObservedState, StaleImage } from "./model.ts";

/** GET /images/{name}/json, of those images only whose policy or platform asks for it. `now`: Unix milliseconds. */
export async function observeStaleImages(
  engine: ReadOnlyEngine,
  desired: DesiredState,
  observed: ObservedState,
  now: number,
  options: CallOptions,
): Promise<ReadonlyMap<string, StaleImage>> {
  const asked = desired.services.filter(
    ({ service, image }) =>
      service.provider === undefined &&
      !image.buildable &&
      // A digest means the same image for ever.
      !image.reference.includes("@") &&
      (/^(daily$|weekly$|every_)/.test(image.pullPolicy) || image.platform !== undefined) &&
      imageOf(observed, image.reference) !== undefined,
  );
  const found = await Promise.all(
    asked.map(async ({ image }): Promise<[string, StaleImage][]> => {
      const seen = await engine.inspectImage(image.reference, options);
      const { pull, reason } = pullDecision(image.pullPolicy, seen, now, image.platform);
      return pull && (reason === "stale" || reason === "platform") ? [[image.reference, reason]] : [];
    }),
  );
  return new Map(found.flat());
}
