/**
 * The plan of `up`: from what is there to what is declared. Pure and deterministic.
 *
 * One graph spans pulls, builds, creation, starts and readiness, so that chains of different services overlap.
 * Nothing that runs is stopped or replaced before every image of the plan is there.
 */
import type { DesiredState } from "../desired/model.ts";
import { lazy } from "../lazy.ts";
import { observedDigest } from "../observe/digest.ts";
import type { ObservedState } from "../observe/model.ts";
import { PlanBuilder } from "./builder.ts";
import { orderClaims } from "./claims.ts";
import { presentOperation, type SlotContext } from "./creation.ts";
import { planImages } from "./images.ts";
import { planNetworks, removeRenamedNetworks, removeTwinNetworks } from "./networks.ts";
import type { OperationId, PlanResult, PlanWarning } from "./operation.ts";
import {
  detachFromRecreatedNetworks,
  orderNames,
  orderStops,
  orderVolumes,
  type AttachedContainer,
} from "./ordering.ts";
import { FOREIGN_DECISION, foreignDecision, orphansOf } from "./orphans.ts";
import type { UpPolicy } from "./policy.ts";
import { addPreStartHooks, addStaleHooks } from "./pre-start.ts";
import { addModels } from "./models.ts";
import { addProviders } from "./providers.ts";
import { addServiceWait, readinessEdges, type ReadinessContext } from "./readiness.ts";
import type { Slot } from "./replicas.ts";
import { orderReplicas } from "./rolling.ts";
import { planServices, type PlanFacts, type ServicePlan } from "./service-plan.ts";
import { addSlot } from "./slot-operations.ts";
import { addRemoval } from "./stop.ts";
import { planVolumes } from "./volumes.ts";

/** @throws RefusedError for what cannot be planned at all: missing external resources, images that may not be fetched */
export function planUp(desired: DesiredState, observed: ObservedState, policy: UpPolicy = {}): PlanResult {
  const references = desired.services.map(({ image }) => image.reference);
  const digest = lazy(() => observedDigest(observed, references));
  const builder = new PlanBuilder();
  const foreign = foreignDecision(desired.project, observed.containers);
  if (foreign !== undefined && policy.adopt !== true && policy.answers?.[FOREIGN_DECISION] !== true) {
    return {
      plan: builder.build(desired.project.name, digest),
      decisions: [foreign],
      warnings: [...desired.warnings],
    };
  }
  const networks = planNetworks(builder, desired, observed);
  const volumes = planVolumes(builder, desired, observed, policy);
  const facts: PlanFacts = {
    desired,
    observed,
    policy,
    images: planImages(builder, desired, observed, policy),
    recreatedNetworks: networks.recreated,
    recreatedVolumes: volumes.recreated,
    oneShots: oneShotsOf(desired),
  };
  const orphanWarnings = addContainers(builder, facts);
  removeRenamedNetworks(builder, desired, observed);
  removeTwinNetworks(builder, desired, observed);
  return {
    plan: builder.build(desired.project.name, digest),
    decisions: volumes.decisions,
    warnings: [...desired.warnings, ...networks.warnings, ...volumes.warnings, ...orphanWarnings],
  };
}

function addContainers(builder: PlanBuilder, facts: PlanFacts): PlanWarning[] {
  const imageOperations = builder.ids("image.pull", "image.build");
  const plans = planServices(facts);
  addProviders(builder, facts, "up");
  const started = new Map<string, OperationId[]>();
  const peers = new Map<string, string>();
  const readiness: ReadinessContext = { builder, facts, plans, started };
  for (const { name } of facts.desired.services) {
    const plan = plans.get(name);
    if (plan === undefined) continue;
    const [first] = plan.slots;
    if (first !== undefined) peers.set(name, first.name);
    const context: SlotContext = {
      builder,
      facts,
      plan,
      peers,
      imageOperations,
      needs: creationNeeds(facts, plan, plans),
      parentsCreated: parentsCreated(plan, plans),
    };
    addServiceRemovals(context);
    addStaleHooks(context);
    started.set(name, addSlots(context, readiness));
  }
  addModels(builder, facts);
  orderStops(builder, plans);
  orderVolumes(builder, facts, plans);
  const warnings = addOrphans(builder, facts, imageOperations);
  orderNames(builder);
  detachFromRecreatedNetworks(builder, facts, attachedContainers(builder, facts, plans), imageOperations);
  if (facts.policy.wait === true) addWaits(readiness);
  orderClaims(builder, facts, plans);
  return warnings;
}

/** Writes all replicas of a service, and ties their starts to what the service depends on. */
function addSlots(context: SlotContext, readiness: ReadinessContext): OperationId[] {
  const { builder, plan } = context;
  const started = plan.slots.flatMap((slot) => addSlot(context, slot) ?? []);
  orderReplicas(context);
  const starts = plan.slots.map(({ name }) => `container.start:${name}`).filter((id) => builder.has(id));
  if (starts.length === 0) return started;
  const edges = readinessEdges(readiness, plan.service);
  for (const id of starts) {
    for (const { on, when } of edges) builder.order(id, on, when);
  }
  addPreStartHooks(
    context,
    starts,
    edges.map(({ on }) => on),
  );
  return started;
}

function addServiceRemovals({ builder, facts, plan, imageOperations }: SlotContext): void {
  for (const { container, cause } of plan.removals) {
    const resource = { type: "container", name: container.name, service: plan.service.name } as const;
    builder.change(resource, "remove", cause);
    addRemoval(builder, {
      container,
      resource,
      cause,
      hooks: plan.service.service.pre_stop ?? [],
      timeoutSeconds: facts.policy.timeoutSeconds,
      after: imageOperations,
      volumes: false,
    });
  }
}

function addOrphans(
  builder: PlanBuilder,
  facts: PlanFacts,
  imageOperations: readonly OperationId[],
): PlanWarning[] {
  const orphans = orphansOf(facts.desired, facts.observed);
  if (facts.policy.removeOrphans !== true) {
    const names = orphans.filter(({ oneoff }) => !oneoff).map(({ name }) => name);
    return names.length === 0 || facts.policy.ignoreOrphans === true ? [] : [{ code: "orphans", names }];
  }
  for (const container of orphans) {
    const resource = { type: "container", name: container.name, service: container.service } as const;
    builder.change(resource, "remove", { type: "orphan" });
    addRemoval(builder, {
      container,
      resource,
      cause: { type: "orphan" },
      hooks: container.oneoff ? [] : undefined,
      timeoutSeconds: facts.policy.timeoutSeconds,
      after: imageOperations,
      volumes: false,
    });
  }
  return [];
}

/** Creation waits for the image, for the containers it refers to, and for providers that set its environment. */
function creationNeeds(
  { images }: PlanFacts,
  { service }: ServicePlan,
  plans: ReadonlyMap<string, ServicePlan>,
): OperationId[] {
  const image = images.operationOf(service);
  // Services without containers are provided.
  const providers = Object.keys(service.dependencies)
    .filter((name) => !plans.has(name))
    .map((name) => `provider.run:${name}`);
  const shared = parentSlots(service.attachedTo, plans).map(({ slot, plan }) =>
    presentOperation(slot, plan.mode),
  );
  return [...(image === undefined ? [] : [image]), ...providers, ...shared];
}

/** Whoever stops on behalf of others stops only when their replacements could be created. */
function parentsCreated({ service }: ServicePlan, plans: ReadonlyMap<string, ServicePlan>): OperationId[] {
  const restarting = Object.keys(service.dependencies).filter((name) => service.dependencies[name]?.restart);
  return [...service.attachedTo, ...restarting].flatMap((name) => {
    const plan = plans.get(name);
    if (plan?.mode !== "swap") return [];
    const replaced = plan.slots.filter(({ action }) => action !== "keep").map(({ name: slot }) => slot);
    if (plan.rolling !== "start-first") return replaced.map((slot) => `container.create:${slot}`);
    // A replacement that does not become ready leaves the old one serving, and whoever uses it. One tells for all:
    // those after it wait for the end of the old ones, which wait for this service.
    const first = isBehindStop(plan, plans) ? "container.create" : "ready.wait";
    return replaced.slice(0, 1).map((slot) => `${first}:${slot}`);
  });
}

/** Something that it needs goes away for a while: it gets ready only after all that use the same have stopped. */
function isBehindStop({ service }: ServicePlan, plans: ReadonlyMap<string, ServicePlan>): boolean {
  return Object.keys(service.dependencies).some((name) => {
    const plan = plans.get(name);
    if (plan === undefined) return false;
    const isStopped =
      plan.restart !== undefined ||
      (plan.rolling !== "start-first" && plan.slots.some(({ action }) => action !== "keep"));
    return isStopped || isBehindStop(plan, plans);
  });
}

function parentSlots(
  names: readonly string[],
  plans: ReadonlyMap<string, ServicePlan>,
): { readonly slot: Slot; readonly plan: ServicePlan }[] {
  return names.flatMap((name) => {
    const plan = plans.get(name);
    const slot = plan?.slots[0];
    return plan === undefined || slot === undefined ? [] : [{ slot, plan }];
  });
}

function attachedContainers(
  builder: PlanBuilder,
  { observed }: PlanFacts,
  plans: ReadonlyMap<string, ServicePlan>,
): AttachedContainer[] {
  return observed.containers.map((container) => {
    const plan = plans.get(container.service);
    const slot = plan?.slots.find((candidate) => candidate.container?.id === container.id);
    const name = slot?.name ?? container.name;
    const leaves = builder.has(`container.remove:${name}`);
    return { name, container, service: slot === undefined ? undefined : plan?.service, leaves };
  });
}

function addWaits(readiness: ReadinessContext): void {
  const { services } = readiness.facts.policy;
  for (const [name, plan] of readiness.plans) {
    const isNamed = services === undefined || services.length === 0 || services.includes(name);
    if (isNamed) addServiceWait(readiness, plan);
  }
}

/** Services whose completion others wait for: they end on purpose. */
function oneShotsOf({ services }: DesiredState): ReadonlySet<string> {
  return new Set(
    services.flatMap(({ dependencies }) =>
      Object.entries(dependencies)
        .filter(([, { condition }]) => condition === "service_completed_successfully")
        .map(([name]) => name),
    ),
  );
}
