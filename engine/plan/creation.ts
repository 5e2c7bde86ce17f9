/** Creation of one replica: the request, the networks that it did not take, and what all of it waits for. */
import type { PeerContainers } from "../desired/model.ts";
import type { EndpointSettings } from "../docker/types.ts";
import { label } from "../labels.ts";
import { carryAnonymousVolumes } from "./anonymous-volumes.ts";
import type { PlanBuilder } from "./builder.ts";
import type { ContainerCreate, ImageCondition, OperationId, ResourceRef } from "./operation.ts";
import type { Slot } from "./replicas.ts";
import type { PlanFacts, ServicePlan } from "./service-plan.ts";

export interface SlotContext {
  readonly builder: PlanBuilder;
  readonly facts: PlanFacts;
  readonly plan: ServicePlan;
  /** Containers that stand for services in shared namespaces. */
  readonly peers: PeerContainers;
  /** All of them must be there before anything that runs is touched. */
  readonly imageOperations: readonly OperationId[];
  /** Creation waits for these: image, shared containers, providers. */
  readonly needs: readonly OperationId[];
  /** A container that stops on behalf of others still waits until their replacements exist. */
  readonly parentsCreated: readonly OperationId[];
}

/** After this the container exists under its final name, as far as the plan touches it at all. */
export function presentOperation(slot: Slot, mode: ServicePlan["mode"]): OperationId {
  return slot.action === "replace" && mode !== "remove-first"
    ? `container.rename:${slot.name}`
    : `container.create:${slot.name}`;
}

/** Creation and the connections that it did not take. Answers what has to be done before the container is complete. */
export function addCreate(context: SlotContext, slot: Slot, name: string): OperationId[] {
  const { builder, plan, facts, peers } = context;
  const { service } = plan;
  const resource = resourceOf(context, slot);
  const request = service.request(slot.number, peers);
  const old = slot.container;
  const keepsVolumes = old !== undefined && facts.policy.renewAnonymousVolumes !== true;
  const body = keepsVolumes
    ? carryAnonymousVolumes(request.body, old, service, facts.observed.containers)
    : request.body;
  const isTemporary = name !== slot.name && old !== undefined;
  const id = builder.add(
    {
      id: `container.create:${slot.name}`,
      kind: "container.create",
      resource,
      cause: slot.cause,
      service: service.name,
      number: slot.number,
      name,
      body: isTemporary ? { ...body, Labels: { ...body.Labels, [label.replace]: old.id } } : body,
      ...(service.image.platform === undefined ? {} : { platform: service.image.platform }),
      ...lateHash(context),
      ...conditionOf(slot),
    },
    [
      ...context.needs,
      ...volumeCreations(context),
      ...(isEarly(context, slot) ? [] : networkCreations(context)),
    ],
  );
  const connected = request.connect.map(({ network, endpoint }) =>
    addConnect(context, slot, { network, endpoint, container: name, after: [id], onlyIf: slot.onlyIf }),
  );
  return [id, ...connected];
}

function lateHash({ plan, peers }: SlotContext): Pick<ContainerCreate, "lateHash"> {
  const template = plan.service.hashTemplate;
  if (template === undefined) return {};
  const containers = template.services.map((name) => [name, peers.get(name) ?? name]);
  return { lateHash: { template, containers: Object.fromEntries(containers) } };
}

interface ConnectRequest {
  readonly network: string;
  readonly endpoint: EndpointSettings;
  readonly container: string;
  readonly after: readonly OperationId[];
  readonly onlyIf?: readonly ImageCondition[] | undefined;
}

export function addConnect({ builder, plan }: SlotContext, slot: Slot, request: ConnectRequest): OperationId {
  return builder.add(
    {
      id: `network.connect:${slot.name}/${request.network}`,
      kind: "network.connect",
      resource: { type: "container", name: slot.name, service: plan.service.name },
      cause: slot.action === "keep" ? { type: "missing" } : slot.cause,
      network: request.network,
      container: request.container,
      endpoint: request.endpoint,
      ...(request.onlyIf === undefined ? {} : { onlyIf: request.onlyIf }),
    },
    [
      ...request.after,
      `network.create:${request.network}`,
      `network.disconnect:${slot.name}/${request.network}`,
    ],
  );
}

function volumeCreations({ plan, facts }: SlotContext): OperationId[] {
  return (plan.service.service.volumes ?? []).flatMap(({ source }) =>
    facts.desired.volumes
      .filter((volume) => volume.key === source)
      .map(({ name }) => `volume.create:${name}`),
  );
}

/** What a container's start waits for, and its creation, too, unless that is early. */
export function networkCreations(context: SlotContext): OperationId[] {
  return networkNames(context).map((name) => `network.create:${name}`);
}

/**
 * Creation beside that of the networks: making a network takes an engine longer than making a container. Not where
 * containers of hooks start before the service's own, and not for replacements, which wait for more than a network.
 */
export function isEarly({ facts, plan }: SlotContext, { action }: Slot): boolean {
  const { service, earlyCreation } = plan.service;
  return (
    earlyCreation &&
    action === "create" &&
    facts.policy.noStart !== true &&
    facts.recreatedNetworks.size === 0 &&
    (service.pre_start ?? []).length === 0
  );
}

export function networkNames({ plan, facts }: SlotContext): string[] {
  return Object.keys(plan.service.service.networks ?? {}).flatMap((key) =>
    facts.desired.networks.filter((network) => network.key === key).map(({ name }) => name),
  );
}

export function resourceOf({ plan }: SlotContext, { name }: Slot): ResourceRef {
  return { type: "container", name, service: plan.service.name };
}

export function conditionOf({ onlyIf }: Slot): { readonly onlyIf?: readonly ImageCondition[] } {
  return onlyIf === undefined ? {} : { onlyIf };
}
