/** What a start waits for: the conditions of `depends_on`, and nothing for what is ready already. */
import type { DesiredService } from "../desired/model.ts";
import { staysDownAfterSuccess } from "../desired/container/logging.ts";
import { RefusedError } from "../error.ts";
import type { ObservedContainer } from "../observe/model.ts";
import type { PlanBuilder } from "./builder.ts";
import type { Edge, OperationId, ReadyCondition, ReadyWait } from "./operation.ts";
import type { Slot } from "./replicas.ts";
import type { PlanFacts, ServicePlan } from "./service-plan.ts";

export interface ReadinessContext {
  readonly builder: PlanBuilder;
  readonly facts: PlanFacts;
  readonly plans: ReadonlyMap<string, ServicePlan>;
  /** Last operation of each starting replica, by service. */
  readonly started: ReadonlyMap<string, readonly OperationId[]>;
}

/** Edges for a start of the service; waits are added where something has to become ready. */
export function readinessEdges(context: ReadinessContext, service: DesiredService): Edge[] {
  return Object.entries(service.dependencies).flatMap(([name, { condition, required }]): Edge[] => {
    const when = required ? "succeeded" : "settled";
    const plan = context.plans.get(name);
    if (plan === undefined) return [{ on: `provider.run:${name}`, when }];
    if (plan.slots.length === 0) return [];
    switch (condition) {
      case "service_started":
        return (context.started.get(name) ?? []).map((on) => ({ on, when }));
      case "service_healthy":
        requireHealthcheck(plan, service.name);
        return wait(context, plan, "healthy", { of: service.name, required }).map((on) => ({ on, when }));
      case "service_completed_successfully":
        return wait(context, plan, "completed", { of: service.name, required }).map((on) => ({ on, when }));
      default:
        return condition satisfies never;
    }
  });
}

/** `--wait`: the service itself has to become ready. */
export function addServiceWait(context: ReadinessContext, plan: ServicePlan): void {
  if (plan.slots.length === 0) return;
  const condition = context.facts.oneShots.has(plan.service.name) ? "completed" : "running_or_healthy";
  wait(context, plan, condition, { required: true });
}

function wait(
  { builder, plans, started, facts }: ReadinessContext,
  { service, slots }: ServicePlan,
  condition: ReadyCondition,
  { of, required }: { readonly of?: string; readonly required: boolean },
): OperationId[] {
  const starts = started.get(service.name) ?? [];
  const isTouched = starts.length > 0 || plans.get(service.name) === undefined;
  if (!isTouched && slots.every(({ container }) => isReady(service, container, condition))) return [];
  const { noStart, waitTimeoutMs: timeoutMs } = facts.policy;
  if (noStart === true) return [];
  const id = `ready.wait:${service.name}/${condition}`;
  const before = builder.get(id);
  const waiting = before?.cause.type === "dependency" ? before.cause.of : [];
  const operation: Omit<ReadyWait, "dependsOn"> = {
    id,
    kind: "ready.wait",
    resource: { type: "service", name: service.name, service: service.name },
    cause:
      of === undefined
        ? (before?.cause ?? { type: "requested" })
        : { type: "dependency", of: [...new Set([...waiting, of])] },
    service: service.name,
    containers: slots.map(({ name }) => name),
    condition,
    ...(staysDownAfterSuccess(service.service) ? { exitZeroIsDone: true } : {}),
    ...service.readiness,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    // Nobody needs it: those that wait for it go on without it.
    ...(required || (before !== undefined && before.bestEffort !== true) ? {} : { bestEffort: true }),
  };
  builder.replace(operation);
  return [builder.add(operation, starts)];
}

function isReady(
  service: DesiredService,
  container: ObservedContainer | undefined,
  condition: ReadyCondition,
): boolean {
  if (container === undefined) return false;
  const isRunning = container.state === "running";
  switch (condition) {
    case "started":
      return isRunning;
    case "healthy":
      return isRunning && container.health === "healthy";
    case "completed":
      return container.state === "exited" && container.exitCode === 0;
    case "running_or_healthy":
      return isRunning && (container.health === "healthy" || showsNoHealth(service, container));
    default:
      return condition satisfies never;
  }
}

/** Engines that do not list health show "none" for a declared check too: that is no proof of readiness. */
function showsNoHealth(service: DesiredService, { health }: ObservedContainer): boolean {
  return health === "none" && service.healthcheck !== "declared";
}

/** Whether the image has a health check is not known before it is here; a running container shows it. */
function requireHealthcheck({ service, slots }: ServicePlan, dependant: string): void {
  const shows = (slot: Slot): boolean =>
    slot.action === "keep" && slot.container?.state === "running" && slot.container.health === "none";
  const isAbsent = service.healthcheck === "unknown" && slots.length > 0 && slots.every(shows);
  if (service.healthcheck !== "disabled" && !isAbsent) return;
  throw new RefusedError(
    `services.${dependant}.depends_on.${service.name}: ${service.name} has no health check to wait for`,
    { hint: `give ${service.name} a \`healthcheck\`, or depend on it with \`condition: service_started\`` },
  );
}
