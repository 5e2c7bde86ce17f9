/** Limits and restart policy changed on the container as it stands. */
import { diffInPlace } from "../diff/in-place.ts";
import type { PlanBuilder } from "./builder.ts";
import type { Cause, OperationId } from "./operation.ts";
import type { Slot } from "./replicas.ts";
import { recreatePolicy, type PlanFacts, type ServicePlan } from "./service-plan.ts";

export interface InPlaceUpdate {
  readonly id: OperationId;
  readonly cause: Cause;
}

/** Also of a container that is replaced only if its image turns out to be another one. */
export function addUpdate(
  { builder, facts, plan }: { builder: PlanBuilder; facts: PlanFacts; plan: ServicePlan },
  { container, name }: Slot,
): InPlaceUpdate | undefined {
  const { service } = plan;
  if (container === undefined || recreatePolicy(facts.policy, service) === "never") return undefined;
  const difference = diffInPlace(facts.desired, service, container);
  if (difference?.patch === undefined) return undefined;
  const cause: Cause = { type: "diverged", changes: difference.changes };
  const id = builder.add({
    id: `container.update:${name}`,
    kind: "container.update",
    resource: { type: "container", name, service: service.name },
    cause,
    container: container.id,
    service: service.name,
    patch: difference.patch,
  });
  return { id, cause };
}
