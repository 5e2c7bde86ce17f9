/** A digest of everything that a plan was made from, so that a stored plan can be refused when the engine has moved on. */
import { pickUpdatable } from "../desired/container/in-place.ts";
import { digestOf } from "../hash.ts";
import { imageOf } from "./image-of.ts";
import type { ObservedState } from "./model.ts";

/** @param references images that the plan concerns: others may come and go. Health and times are left out. */
export function observedDigest(observed: ObservedState, references: readonly string[]): string {
  return digestOf({
    project: observed.project,
    containers: observed.containers.map((container) => ({
      id: container.id,
      name: container.name,
      state: container.state,
      exitCode: container.exitCode,
      networks: Object.keys(container.networks).toSorted(),
      ...(container.applied === undefined ? {} : { applied: container.applied }),
      ...(container.host === undefined ? {} : { host: pickUpdatable(container.host) }),
    })),
    networks: observed.networks.map(({ id, name }) => ({ id, name })),
    volumes: observed.volumes.map(({ name, labels }) => ({ name, labels })),
    images: references.map((reference) => ({ reference, id: imageOf(observed, reference)?.id })),
  });
}
