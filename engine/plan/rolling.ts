/**
 * Replacing without a gap: the replacement runs beside the old container under a temporary name, answers to the same
 * names on the network, and takes over when it is ready. Does it not become ready, it is taken away again, the old
 * container serves on, and the run reports the failure.
 */
import { staysDownAfterSuccess } from "../desired/container/logging.ts";
import type { ObservedContainer } from "../observe/model.ts";
import { temporaryName } from "../ref.ts";
import { addVolumeRemovals } from "./anonymous-volumes.ts";
import { addCreate, conditionOf, resourceOf, type SlotContext } from "./creation.ts";
import type { OperationId } from "./operation.ts";
import type { Slot } from "./replicas.ts";
import { addStart } from "./start.ts";
import { addRemoval } from "./stop.ts";

/** Answers the rename: after it the replacement is all there is. Replicas go one after the other, see `orderReplicas`. */
export function addRollingReplacement(context: SlotContext, slot: Slot, old: ObservedContainer): OperationId {
  const { builder, plan, facts } = context;
  const { service } = plan;
  const resource = resourceOf(context, slot);
  const name = temporaryName(old.id, slot.name);
  const created = addCreate(context, slot, name);
  const { cause, onlyIf } = slot;
  const started = addStart(builder, {
    service,
    name: slot.name,
    startedAs: name,
    cause,
    onlyIf,
    after: [...created, ...context.imageOperations],
  });
  const ready = addReady(context, slot, name, started);
  const drained = addDrain(context, slot, old, ready);
  const removed = addRemoval(builder, {
    container: old,
    resource,
    cause,
    hooks: service.service.pre_stop ?? [],
    timeoutSeconds: facts.policy.timeoutSeconds,
    onlyIf,
    after: [drained, ...context.imageOperations],
    volumes: facts.policy.renewAnonymousVolumes === true,
  });
  addVolumeRemovals(context, slot, old);
  addRollback(context, slot, name);
  return builder.add(
    {
      id: `container.rename:${slot.name}`,
      kind: "container.rename",
      resource,
      cause,
      container: name,
      to: slot.name,
      ...conditionOf(slot),
    },
    [removed],
  );
}

function addReady(context: SlotContext, slot: Slot, name: string, started: OperationId): OperationId {
  const { service } = context.plan;
  return context.builder.add(
    {
      id: `ready.wait:${slot.name}`,
      kind: "ready.wait",
      resource: resourceOf(context, slot),
      cause: slot.cause,
      service: service.name,
      containers: [name],
      condition: "running_or_healthy",
      ...(staysDownAfterSuccess(service.service) ? { exitZeroIsDone: true } : {}),
      ...service.readiness,
      ...conditionOf(slot),
    },
    [started],
  );
}

function addDrain(context: SlotContext, slot: Slot, old: ObservedContainer, ready: OperationId): OperationId {
  const { service } = context.plan;
  const { drainMs: durationMs } = service.update;
  if (durationMs === 0) return ready;
  return context.builder.add(
    {
      id: `container.drain:${slot.name}`,
      kind: "container.drain",
      resource: resourceOf(context, slot),
      cause: slot.cause,
      container: old.id,
      service: service.name,
      durationMs,
      ...conditionOf(slot),
    },
    [ready],
  );
}

/** Whatever fails while the old container still serves takes the replacement away. */
function addRollback({ builder, plan }: SlotContext, { name }: Slot, temporary: string): void {
  const id = builder.add({
    id: `container.remove:${name}/rollback`,
    kind: "container.remove",
    resource: { type: "container", name: temporary, service: plan.service.name },
    cause: { type: "leftover" },
    container: temporary,
    service: plan.service.name,
    force: true,
    volumes: false,
  });
  const before = [`container.create:${name}`, `container.copy:${name}`, `container.start:${name}`];
  const hooks = builder.ids("hook.run", "network.connect").filter((each) => each.includes(`:${name}/`));
  for (const on of [...before, ...hooks, `ready.wait:${name}`]) builder.order(id, on, "failed");
}

/** The next replica's turn comes when the one before is done. */
export function orderReplicas({ builder, plan }: SlotContext): void {
  if (plan.rolling === undefined) return;
  let last: OperationId | undefined;
  for (const slot of plan.slots.filter(({ action }) => action === "replace")) {
    const { name } = slot;
    const first =
      plan.rolling === "start-first"
        ? [`container.create:${name}`]
        : [`hook.run:${name}/pre_stop/0`, `container.stop:${name}`, `container.remove:${name}`];
    for (const id of first) if (last !== undefined && builder.has(id)) builder.order(id, last);
    last = lastOf({ builder, plan }, slot);
  }
}

function lastOf({ builder, plan }: Pick<SlotContext, "builder" | "plan">, { name }: Slot): OperationId {
  if (plan.rolling === "start-first") return `container.rename:${name}`;
  return builder.add(
    {
      id: `ready.wait:${name}`,
      kind: "ready.wait",
      resource: { type: "container", name, service: plan.service.name },
      cause: { type: "requested" },
      service: plan.service.name,
      containers: [name],
      condition: "running_or_healthy",
      ...(staysDownAfterSuccess(plan.service.service) ? { exitZeroIsDone: true } : {}),
      ...plan.service.readiness,
    },
    [`container.start:${name}`, `container.rename:${name}`],
  );
}
