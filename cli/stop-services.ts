/** Stops the containers of services, dependants first; kills them at once when asked to force. */
import { planStop } from "../engine/plan/lifecycle.ts";
import type { ExecutionReport } from "../engine/execute/model.ts";
import type { Plan } from "../engine/plan/operation.ts";
import { prepareProject, type ProjectRef } from "../engine/session/lifecycle.ts";
import { listProjectContainers } from "./containers.ts";
import { carryOut, type Session } from "./session.ts";

export interface StopOptions {
  /** Empty: all. */
  readonly services: readonly string[];
  readonly timeoutSeconds: number | undefined;
  /** Aborts the graceful stop; what still runs is killed. */
  readonly force: AbortSignal;
}

export async function stopServices(
  session: Session,
  project: ProjectRef,
  { services, timeoutSeconds, force }: StopOptions,
): Promise<{ readonly plan: Plan; readonly report: ExecutionReport } | undefined> {
  const { desired, observed } = await prepareProject(session.engine, project, { signal: force });
  const { plan } = planStop(desired, observed, {
    ...(services.length === 0 ? {} : { services }),
    ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
  });
  const report = await carryOut(session, plan, force);
  if (force.aborted) await killServices(session, project.name, services);
  return { plan, report };
}

async function killServices(session: Session, project: string, services: readonly string[]): Promise<void> {
  const { engine } = session;
  const containers = await listProjectContainers(engine, project, { services }, new AbortController().signal);
  const running = containers.filter(
    ({ state }) => state !== "exited" && state !== "created" && state !== "dead",
  );
  // One that has ended meanwhile needs no killing.
  await Promise.allSettled(running.map(({ id }) => engine.killContainer(id)));
}
