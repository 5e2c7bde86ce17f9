/** Tells a process of content that changed: a restart, or a signal. */
import { contentDigests } from "../desired/on-change.ts";
import { diffContent } from "../diff/content.ts";
import type { PlanBuilder } from "./builder.ts";
import type { Cause, OperationId } from "./operation.ts";
import type { Slot } from "./replicas.ts";
import { recreatePolicy, type PlanFacts, type ServicePlan } from "./service-plan.ts";

interface ContentContext {
  readonly builder: PlanBuilder;
  readonly facts: PlanFacts;
  readonly plan: ServicePlan;
}

/** Why the process has to be told; undefined: it knows all. */
export function contentCause({ facts, plan }: ContentContext, { container }: Slot): Cause | undefined {
  if (container === undefined || recreatePolicy(facts.policy, plan.service) === "never") return undefined;
  const changes = diffContent(facts.desired, plan.service, container);
  return changes.length === 0 ? undefined : { type: "diverged", changes };
}

/** What the process is told by the operations before it. */
export function addMark(
  { builder, plan }: ContentContext,
  { name }: Slot,
  cause: Cause,
  after: readonly OperationId[],
): OperationId {
  const { service } = plan;
  return builder.add(
    {
      id: `container.mark:${name}`,
      kind: "container.mark",
      resource: { type: "container", name, service: service.name },
      cause,
      container: name,
      service: service.name,
      contents: contentDigests(service.specification),
    },
    after,
  );
}

/** New content is copied in where it is not mounted, then the process gets its signal. Answers the last operation. */
export function addSignal(
  context: ContentContext,
  slot: Slot,
  cause: Cause,
  after: readonly OperationId[],
): OperationId | undefined {
  const { builder, plan } = context;
  const { service } = plan;
  if (service.onChange.type !== "signal") return undefined;
  const { name } = slot;
  const common = {
    resource: { type: "container", name, service: service.name },
    cause,
    container: name,
    service: service.name,
  } as const;
  const copied =
    service.copies.length === 0
      ? []
      : [
          builder.add(
            { id: `container.copy:${name}`, kind: "container.copy", ...common, files: service.copies },
            after,
          ),
        ];
  const { signal } = service.onChange;
  const told = builder.add({ id: `container.signal:${name}`, kind: "container.signal", ...common, signal }, [
    ...after,
    ...copied,
  ]);
  return addMark(context, slot, cause, [told]);
}
