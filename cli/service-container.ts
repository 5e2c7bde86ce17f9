/** The one container of a service that a command works on. */
import type { EngineApi } from "../engine/docker/api.ts";
import type { ObservedContainer } from "../engine/observe/model.ts";
import type { Invocation } from "./command.ts";
import { listProjectContainers, pickContainer } from "./containers.ts";
import { checkServices, connect, loadProject, type Project } from "./stack.ts";

export interface ServiceContainer {
  readonly engine: EngineApi;
  readonly project: Project;
  readonly container: ObservedContainer;
}

/** `index` 0: the lowest that runs. Throws UsageError where there is none. */
export async function openServiceContainer(
  invocation: Invocation<unknown>,
  service: string,
  index: number,
): Promise<ServiceContainer> {
  const project = await loadProject(invocation);
  if (project.stack !== undefined) checkServices(project.stack, [service]);
  const engine = await connect(invocation);
  const choice = { services: [service], oneoffs: true };
  const { stop } = invocation.context.interrupts;
  const containers = await listProjectContainers(engine, project.name, choice, stop);
  return { engine, project, container: pickContainer(containers, service, index) };
}
