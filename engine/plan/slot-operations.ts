/** The operations of one replica: creation, replacement, repair, start. */
import { temporaryName } from "../ref.ts";
import { addVolumeRemovals } from "./anonymous-volumes.ts";
import { addMark, addSignal, contentCause } from "./content.ts";
import {
  addConnect,
  addCreate,
  conditionOf,
  isEarly,
  networkCreations,
  networkNames,
  resourceOf,
  type SlotContext,
} from "./creation.ts";
import type { Cause, ImageCondition, OperationId } from "./operation.ts";
import { addRollingReplacement } from "./rolling.ts";
import { isTemporary, isUp, type Slot } from "./replicas.ts";
import { losesNetwork, willStart } from "./service-plan.ts";
import { addStart } from "./start.ts";
import { addRemoval, addStop } from "./stop.ts";
import { addUpdate } from "./update.ts";

/** Writes the operations of a slot. Answers the last operation of its start, when it starts. */
export function addSlot(context: SlotContext, slot: Slot): OperationId | undefined {
  switch (slot.action) {
    case "create":
      return addCreation(context, slot);
    case "replace":
      return addReplacement(context, slot);
    case "keep":
      return addUpkeep(context, slot);
    default:
      return slot.action satisfies never;
  }
}

function addCreation(context: SlotContext, slot: Slot): OperationId | undefined {
  const { builder, plan, facts } = context;
  builder.change(resourceOf(context, slot), "create", slot.cause);
  const present = addCreate(context, slot, slot.name);
  if (facts.policy.noStart === true) return undefined;
  const start = { service: plan.service, name: slot.name, cause: slot.cause, after: present };
  const last = addStart(builder, start);
  for (const on of isEarly(context, slot) ? networkCreations(context) : [])
    builder.order(`container.start:${slot.name}`, on);
  return last;
}

function addReplacement(context: SlotContext, slot: Slot): OperationId | undefined {
  const { builder, plan, facts } = context;
  const old = slot.container;
  if (old === undefined) return undefined;
  const resource = resourceOf(context, slot);
  builder.change(resource, "recreate", slot.cause);
  const updated = slot.onlyIf === undefined ? undefined : addUpdate(context, slot);
  if (updated !== undefined) builder.order(`container.remove:${slot.name}`, updated.id);
  if (plan.rolling === "start-first" && isUp(old)) return addRollingReplacement(context, slot, old);
  const isFirst = plan.mode === "remove-first";
  const created = addCreate(context, slot, isFirst ? slot.name : temporaryName(old.id, slot.name));
  const after = plan.mode === "swap" ? created : context.parentsCreated;
  const removed = addRemoval(builder, {
    container: old,
    resource,
    cause: slot.cause,
    hooks: plan.service.service.pre_stop ?? [],
    timeoutSeconds: facts.policy.timeoutSeconds,
    onlyIf: slot.onlyIf,
    after: [...after, ...context.imageOperations],
    volumes: facts.policy.renewAnonymousVolumes === true,
  });
  addVolumeRemovals(context, slot, old);
  let present = created;
  if (isFirst) {
    builder.order(`container.create:${slot.name}`, removed);
  } else {
    for (const on of created) builder.order(removed, on);
    present = [
      builder.add(
        {
          id: `container.rename:${slot.name}`,
          kind: "container.rename",
          resource,
          cause: slot.cause,
          container: temporaryName(old.id, slot.name),
          to: slot.name,
          ...conditionOf(slot),
        },
        [removed],
      ),
    ];
  }
  if (facts.policy.noStart === true) return undefined;
  // A container that is down starts in any case, whether it is the old or the new one.
  const mustStart = willStart(facts, plan.service.name, old);
  const onlyIf = mustStart ? undefined : slot.onlyIf;
  return addStart(builder, {
    service: plan.service,
    name: slot.name,
    cause: slot.cause,
    onlyIf,
    after: present,
  });
}

const PAUSED: Cause = { type: "not-running", state: "paused" };

function addUpkeep(context: SlotContext, slot: Slot): OperationId | undefined {
  const { builder, plan, facts } = context;
  const { container } = slot;
  if (container === undefined) return undefined;
  const resource = resourceOf(context, slot);
  const ready: OperationId[] = [];
  if (container.name !== slot.name) ready.push(addRename(context, slot, container.name));
  const updated = addUpdate(context, slot);
  if (updated !== undefined) ready.push(updated.id);
  const told = facts.policy.noStart === true ? undefined : contentCause(context, slot);
  const restart =
    isUp(container) && facts.policy.noStart !== true ? restartCause(context, slot, told) : undefined;
  if (restart !== undefined) {
    const after = [...context.imageOperations, ...context.parentsCreated];
    const hooks = plan.service.service.pre_stop ?? [];
    const { timeoutSeconds } = facts.policy;
    const { cause, onlyIf } = restart;
    const stopped = addStop(builder, { container, resource, cause, hooks, timeoutSeconds, onlyIf, after });
    if (stopped !== undefined) ready.push(stopped);
  }
  const connected = addMissingNetworks(context, slot, ready);
  ready.push(...connected);
  const start = startCause(context, slot) ?? restart;
  if (told !== undefined && start !== undefined) ready.push(addMark(context, slot, told, ready));
  const isResumed = container.state === "paused" && restart === undefined && facts.policy.noStart !== true;
  if (isResumed) {
    ready.push(
      builder.add(
        {
          id: `container.unpause:${slot.name}`,
          kind: "container.unpause",
          resource,
          cause: PAUSED,
          container: slot.name,
          service: plan.service.name,
        },
        ready,
      ),
    );
  }
  if (told !== undefined && start === undefined && isUp(container)) {
    const isDown = container.state === "restarting";
    const last = isDown ? addMark(context, slot, told, ready) : addSignal(context, slot, told, ready);
    if (last !== undefined) ready.push(last);
  }
  if (updated !== undefined) builder.change(resource, "update", updated.cause);
  else if (told !== undefined && start === undefined) builder.change(resource, "update", told);
  else {
    const touched = ready.length === 0 ? undefined : upkeepCause(context, slot, connected);
    recordUpkeep(context, slot, isResumed ? PAUSED : start?.cause, touched);
  }
  if (start === undefined) return ready.at(-1);
  // Created beside its networks by a run that was killed, it may be there before they are.
  const after = [...ready, ...networkCreations(context)];
  return addStart(builder, { service: plan.service, name: slot.name, ...start, after });
}

interface StartReason {
  readonly cause: Cause;
  readonly onlyIf?: readonly ImageCondition[];
}

function startCause({ facts, plan }: SlotContext, { container }: Slot): StartReason | undefined {
  if (container === undefined || !willStart(facts, plan.service.name, container)) return undefined;
  return { cause: { type: "not-running", state: container.state } };
}

function restartCause(
  { facts, plan }: SlotContext,
  { container }: Slot,
  told: Cause | undefined,
): StartReason | undefined {
  if (container === undefined) return undefined;
  if (!losesNetwork(facts, container)) {
    const isRestarted = told !== undefined && plan.service.onChange.type === "restart";
    // A restart that may turn out not to be needed tells nobody anything.
    const isUnsure = told !== undefined && plan.restart?.onlyIf !== undefined;
    return isRestarted || isUnsure ? { cause: told } : plan.restart;
  }
  const network = Object.keys(container.networks).find((name) => facts.recreatedNetworks.has(name));
  return { cause: { type: "network-recreated", network: network ?? "" } };
}

/** Why a container that stays is touched: what others did to it, or what an interrupted run left undone. */
function upkeepCause(
  { builder, facts }: SlotContext,
  { container, name }: Slot,
  connected: readonly OperationId[],
): Cause {
  const networks = connected.flatMap((id) => {
    const operation = builder.get(id);
    return operation?.kind === "network.connect" ? [operation.network] : [];
  });
  if (networks.length > 0 && !networks.some((each) => facts.recreatedNetworks.has(each)))
    return { type: "disconnected", networks };
  if (container === undefined || container.name === name || isTemporary(container))
    return { type: "leftover" };
  return { type: "renamed", from: container.name, to: name };
}

function recordUpkeep(
  context: SlotContext,
  slot: Slot,
  start: Cause | undefined,
  touched: Cause | undefined,
): void {
  const resource = resourceOf(context, slot);
  if (start !== undefined) context.builder.change(resource, "start", start);
  else if (touched !== undefined) context.builder.change(resource, "update", touched);
  else {
    const isCompleted = slot.container?.state === "exited" && slot.container.exitCode === 0;
    context.builder.change(resource, "keep", { type: "requested" }, isCompleted);
  }
}

function addRename({ builder, plan }: SlotContext, slot: Slot, from: string): OperationId {
  return builder.add({
    id: `container.rename:${slot.name}`,
    kind: "container.rename",
    resource: { type: "container", name: slot.name, service: plan.service.name },
    cause: { type: "renamed", from, to: slot.name },
    container: slot.container?.id ?? from,
    to: slot.name,
  });
}

/** Endpoints that the container should have and has not: lost, never made, or taken away with a network made anew. */
function addMissingNetworks(context: SlotContext, slot: Slot, after: readonly OperationId[]): OperationId[] {
  const { plan, facts, peers } = context;
  const isMissing = (network: string): boolean =>
    slot.container?.networks[network] === undefined || facts.recreatedNetworks.has(network);
  if (!networkNames(context).some(isMissing)) return [];
  const { body, connect } = plan.service.request(slot.number, peers);
  const wanted = [
    ...Object.entries(body.NetworkingConfig?.EndpointsConfig ?? {}).map(([network, endpoint]) => ({
      network,
      endpoint,
    })),
    ...connect,
  ];
  return wanted
    .filter(({ network }) => isMissing(network))
    .map(({ network, endpoint }) =>
      addConnect(context, slot, { network, endpoint, container: slot.name, after }),
    );
}
