/** Which image a reference means now. */
import { imageKey } from "../ref.ts";
import type { ObservedImage, ObservedState } from "./model.ts";

/** Podman stores what was built under a short name as `localhost/<name>`. */
export function imageOf(observed: ObservedState, reference: string): ObservedImage | undefined {
  return (
    observed.images.get(imageKey(reference)) ??
    observed.images.get(reference) ??
    observed.images.get(imageKey(`localhost/${reference}`))
  );
}
