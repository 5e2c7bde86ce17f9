/** What lists do not tell, asked for only where the plan hangs on it. */
import type { DesiredState } from "../desired/model.ts";
import { needsLook } from "../diff/in-place.ts";
import type { CallOptions, ReadOnlyEngine } from "../docker/api.ts";
import { isNotFound } from "../error.ts";
import type { ObservedContainer, ObservedState } from "./model.ts";

/** GET /containers/{id}/json of containers whose settings may have been updated in place. */
export async function observeDetails(
  engine: ReadOnlyEngine,
  desired: DesiredState,
  observed: ObservedState,
  options: CallOptions = {},
): Promise<ObservedState> {
  const services = new Map(desired.services.map((service) => [service.name, service]));
  const containers = await Promise.all(
    observed.containers.map(async (container) => {
      const service = services.get(container.service);
      if (service === undefined || !needsLook(service, container)) return container;
      return withHost(engine, container, options);
    }),
  );
  return { ...observed, containers };
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
