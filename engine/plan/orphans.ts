/** Containers of the project that the stack does not declare. */
import type { DesiredState } from "../desired/model.ts";
import { isForeign, type ProjectIdentity } from "../diff/container.ts";
import { label } from "../labels.ts";
import type { ObservedContainer, ObservedState } from "../observe/model.ts";
import type { Decision } from "./operation.ts";
import { isUp } from "./replicas.ts";

/** One-off containers count once they have ended; containers of `pre_start` hooks are left to whoever runs them. */
export function orphansOf(desired: DesiredState, observed: ObservedState): ObservedContainer[] {
  const known = new Set([...desired.services.map(({ name }) => name), ...desired.unselected]);
  return observed.containers.filter((container) => {
    if (container.labels[label.hook] !== undefined) return !isUp(container);
    if (container.oneoff) return !isUp(container) && container.state !== "created";
    return !known.has(container.service);
  });
}

export const FOREIGN_DECISION = "foreign-project";

/** Another working directory uses the same project name: its containers are not ours to change. */
export function foreignDecision(
  project: ProjectIdentity,
  containers: readonly ObservedContainer[],
): Decision | undefined {
  const foreign = containers.filter((container) => isForeign(project, container));
  const [first] = foreign;
  if (first === undefined) return undefined;
  return {
    id: FOREIGN_DECISION,
    question: "foreign-project",
    resource: { type: "container", name: first.name },
    changes: [
      {
        path: "project.working_dir",
        from: first.labels[label.workingDir],
        to: project.workingDir,
      },
    ],
    flag: "--adopt",
  };
}
