/** Plans of `stop`, `start`, `restart` and `rm`: existing containers only, nothing is created or replaced. */
import type { DesiredService, DesiredState } from "../desired/model.ts";
import { label } from "../labels.ts";
import { observedDigest } from "../observe/digest.ts";
import type { ObservedContainer, ObservedState } from "../observe/model.ts";
import { PlanBuilder } from "./builder.ts";
import type { SlotContext } from "./creation.ts";
import { orderByDependencies } from "./down.ts";
import type { Cause, OperationId, PlanResult } from "./operation.ts";
import type { LifecyclePolicy, UpPolicy } from "./policy.ts";
import { addPreStartHooks, addStaleHooks } from "./pre-start.ts";
import { addProviders } from "./providers.ts";
import { readinessEdges, type ReadinessContext } from "./readiness.ts";
import { isUp, type Slot } from "./replicas.ts";
import type { PlanFacts, ServicePlan } from "./service-plan.ts";
import { addStart } from "./start.ts";
import { addRemoval, addStop, stopHooksOf } from "./stop.ts";

const REQUESTED: Cause = { type: "requested" };

/** Running containers of the named services (default: all), dependants first. */
export function planStop(
  desired: DesiredState | undefined,
  observed: ObservedState,
  policy: LifecyclePolicy = {},
): PlanResult {
  const builder = new PlanBuilder();
  const services = byName(desired);
  const containers = selected(observed, policy).filter(isUp);
  for (const container of containers) {
    const resource = { type: "container", name: container.name, service: container.service } as const;
    builder.change(resource, "stop", REQUESTED);
    addStop(builder, {
      container,
      resource,
      cause: REQUESTED,
      hooks: stopHooksOf(services.get(container.service)),
      timeoutSeconds: policy.timeoutSeconds,
      after: [],
    });
  }
  orderByDependencies(builder, services, containers);
  if (desired !== undefined) addProviders(builder, { desired }, "stop", policy.services);
  return result(builder, desired, observed);
}

/** Stopped containers of the named services, each after its dependencies are ready. */
export function planStart(
  desired: DesiredState,
  observed: ObservedState,
  policy: LifecyclePolicy & Pick<UpPolicy, "wait" | "waitTimeoutMs"> = {},
): PlanResult {
  const builder = new PlanBuilder();
  addStarts(builder, desired, observed, policy, (container) => !isUp(container));
  return result(builder, desired, observed);
}

/**
 * Stops (dependants first) and starts again (dependencies first). Dependants with `restart: true` go along unless
 * asked otherwise.
 */
export function planRestart(
  desired: DesiredState,
  observed: ObservedState,
  policy: LifecyclePolicy = {},
): PlanResult {
  const builder = new PlanBuilder();
  const services = byName(desired);
  const chosen =
    policy.noDependents === true ? policy : { ...policy, services: withDependents(desired, policy) };
  const containers = selected(observed, chosen);
  for (const container of containers) {
    const resource = { type: "container", name: container.name, service: container.service } as const;
    addStop(builder, {
      container,
      resource,
      cause: REQUESTED,
      hooks: services.get(container.service)?.service.pre_stop ?? [],
      timeoutSeconds: policy.timeoutSeconds,
      after: [],
    });
  }
  orderByDependencies(builder, services, containers);
  addStarts(builder, desired, observed, chosen, () => true);
  return result(builder, desired, observed);
}

/** Containers that do not run; `stop` includes the others, `volumes` their anonymous volumes. */
export function planRemove(
  desired: DesiredState | undefined,
  observed: ObservedState,
  policy: LifecyclePolicy & { readonly stop?: boolean; readonly volumes?: boolean } = {},
): PlanResult {
  const builder = new PlanBuilder();
  const services = byName(desired);
  const containers = selected(observed, policy).filter(
    (container) => policy.stop === true || !isUp(container),
  );
  for (const container of containers) {
    const resource = { type: "container", name: container.name, service: container.service } as const;
    builder.change(resource, "remove", REQUESTED);
    addRemoval(builder, {
      container,
      resource,
      cause: REQUESTED,
      hooks: services.get(container.service)?.service.pre_stop ?? [],
      timeoutSeconds: policy.timeoutSeconds,
      after: [],
      volumes: policy.volumes === true,
    });
  }
  orderByDependencies(builder, services, containers);
  return result(builder, desired, observed);
}

function addStarts(
  builder: PlanBuilder,
  desired: DesiredState,
  observed: ObservedState,
  policy: LifecyclePolicy,
  isStarted: (container: ObservedContainer) => boolean,
): void {
  const containers = selected(observed, {});
  const chosen = new Set(selected(observed, policy).filter(isStarted));
  const started = new Map<string, OperationId[]>();
  const plans = new Map<string, ServicePlan>();
  const facts: PlanFacts = {
    desired,
    observed,
    policy: {},
    images: { operationOf: () => undefined, hookImage: () => undefined },
    recreatedNetworks: new Map(),
    recreatedVolumes: new Map(),
    oneShots: new Set(),
  };
  const context: ReadinessContext = { builder, facts, plans, started };
  const peers = new Map<string, string>();
  for (const service of desired.services) {
    const own = containers.filter((container) => container.service === service.name);
    const slots = own.map((container): Slot => {
      const { name, number } = container;
      return { name, number: number ?? 0, container, action: "keep", cause: REQUESTED };
    });
    const plan: ServicePlan = { service, slots, removals: [], mode: "swap", restart: undefined };
    plans.set(service.name, plan);
    const [first] = own;
    if (first !== undefined) peers.set(service.name, first.name);
    const starting = own.filter((container) => chosen.has(container));
    if (starting.length === 0) continue;
    const edges = readinessEdges(context, service);
    const last = starting.map(({ name }) => {
      builder.change({ type: "container", name, service: service.name }, "start", REQUESTED);
      return addStart(builder, { service, name, cause: REQUESTED, after: [`container.stop:${name}`] });
    });
    const starts = starting.map(({ name }) => `container.start:${name}`);
    for (const id of starts) for (const { on, when } of edges) builder.order(id, on, when);
    const hooks: SlotContext = {
      ...context,
      plan,
      peers,
      imageOperations: [],
      needs: [],
      parentsCreated: [],
    };
    addStaleHooks(hooks);
    addPreStartHooks(
      hooks,
      starts,
      edges.map(({ on }) => on),
    );
    started.set(service.name, last);
  }
}

function withDependents(desired: DesiredState, { services }: LifecyclePolicy): string[] {
  const names =
    services === undefined || services.length === 0 ? desired.services.map(({ name }) => name) : services;
  const along = desired.services.filter(({ dependencies }) =>
    names.some((name) => dependencies[name]?.restart === true),
  );
  return [...new Set([...names, ...along.map(({ name }) => name)])];
}

function selected({ containers }: ObservedState, { services }: LifecyclePolicy): ObservedContainer[] {
  const named = services === undefined || services.length === 0 ? undefined : new Set(services);
  return containers.filter(
    (container) =>
      !container.oneoff &&
      container.labels[label.hook] === undefined &&
      (named === undefined || named.has(container.service)),
  );
}

function byName(desired: DesiredState | undefined): ReadonlyMap<string, DesiredService> {
  return new Map((desired?.services ?? []).map((service) => [service.name, service]));
}

function result(
  builder: PlanBuilder,
  desired: DesiredState | undefined,
  observed: ObservedState,
): PlanResult {
  const references = (desired?.services ?? []).map(({ image }) => image.reference);
  const plan = builder.build(observed.project, () => observedDigest(observed, references));
  return { plan, decisions: [], warnings: [] };
}
