/** What lists do not tell, asked for only where the plan hangs on it. */
import type { DesiredService, DesiredState } from "../desired/model.ts";
import { contentDigests } from "../desired/on-change.ts";
import { needsLook } from "../diff/in-place.ts";
import type { CallOptions, ReadOnlyEngine } from "../docker/api.ts";
import { isNotFound } from "../error.ts";
import { readApplied } from "./applied.ts";
import { observeStaleImages } from "./stale-images.ts";
import type { ObservedContainer, ObservedState } from "./model.ts";

/**
 * Of containers whose settings may have been updated in place: GET /containers/{id}/json; of those whose process is
 * told of new content: GET /containers/{id}/archive; of images with a refresh window or a platform:
 * GET /images/{name}/json. `now` is Unix milliseconds.
 */
export async function observeDetails(
  engine: ReadOnlyEngine,
  desired: DesiredState,
  observed: ObservedState,
  options: CallOptions & { readonly now?: number | undefined } = {},
): Promise<ObservedState> {
  const services = new Map(desired.services.map((service) => [service.name, service]));
  const containers = await Promise.all(
    observed.containers.map(async (container) => {
      const service = services.get(container.service);
      if (service === undefined || container.oneoff) return container;
      const seen = needsLook(service, container) ? await withHost(engine, container, options) : container;
      if (!tellsOfContent(service)) return seen;
      const applied = await readApplied(engine, container.id, options);
      return applied === undefined ? seen : { ...seen, applied };
    }),
  );
  const staleImages = await observeStaleImages(engine, desired, observed, options.now ?? Date.now(), options);
  return { ...observed, containers, staleImages };
}

function tellsOfContent({ onChange, specification }: DesiredService): boolean {
  if (onChange.type !== "restart" && onChange.type !== "signal") return false;
  return Object.keys(contentDigests(specification)).length > 0;
}

async function withHost(
  engine: ReadOnlyEngine,
  container: ObservedContainer,
  options: CallOptions,
): Promise<ObservedContainer> {
  try {
    const { HostConfig: host } = await engine.inspectContainer(container.id, options);
    return { ...container, host };
  } catch (error) {
    // Gone meanwhile: the run itself meets that.
    if (isNotFound(error)) return container;
    throw error;
  }
}
