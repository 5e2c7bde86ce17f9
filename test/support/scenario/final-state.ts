/** The state of a project without what tells how it came about: ids, times, the order of events. */
import type { ContainerView, EngineView } from "./engine-view.ts";

/** What must be the same however the stack came up. */
export function finalState(containers: readonly ContainerView[]): unknown {
  return containers.map(({ name, service, state, env, image, networks, labels }) => ({
    name,
    service,
    state,
    env,
    image,
    networks,
    // Kept by a container that replaced another one: it tells how it came to be, not what it is.
    labels: Object.keys(labels)
      .filter((name) => name !== "com.docker.compose.replace")
      .toSorted(),
    number: labels["com.docker.compose.container-number"],
    hash: labels["com.docker.compose.config-hash"],
  }));
}

/** Containers, networks and volumes of the project, to be compared whole. */
export async function projectState(engine: EngineView): Promise<unknown> {
  return {
    containers: finalState(await engine.containers()),
    networks: await engine.networks(),
    volumes: await engine.volumes(),
  };
}
