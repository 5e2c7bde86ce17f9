/** Stops the containers of services, dependants first; kills them at once when asked to force. */
import { AbortedError } from "../engine/error.ts";
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
  options: StopOptions,
): Promise<{ readonly plan: Plan; readonly report: ExecutionReport } | undefined> {
  const { services, force } = options;
  try {
    return await stopGracefully(session, project, options);
  } catch (error) {
    // The second interrupt may come before there is a plan; it kills all the same.
    if (!force.aborted || !(error instanceof AbortedError)) throw error;
    return undefined;
  } finally {
    if (force.aborted) await killServices(session, project.name, services);
  }
}

async function stopGracefully(
  session: Session,
  project: ProjectRef,
  { services, timeoutSeconds, force }: StopOptions,
): Promise<{ readonly plan: Plan; readonly report: ExecutionReport }> {
  const { desired, observed } = await prepareProject(session.engine, project, { signal: force });
  const { plan } = planStop(desired, observed, {
    ...(services.length === 0 ? {} : { services }),
    ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
  });
  return { plan, report: await carryOut(session, plan, force) };
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
