/** Orders that span services: who stops first, whose name must be free, what a network or volume has to wait for. */
import type { DesiredService } from "../desired/model.ts";
import type { EndpointSettings } from "../docker/types.ts";
import type { ObservedContainer } from "../observe/model.ts";
import type { OperationDraft, PlanBuilder } from "./builder.ts";
import { orphansOf } from "./orphans.ts";
import type { Cause, OperationId } from "./operation.ts";
import { isTemporary } from "./replicas.ts";
import type { PlanFacts, ServicePlan } from "./service-plan.ts";

/** A container stops after those that depend on it. */
export function orderStops(builder: PlanBuilder, plans: ReadonlyMap<string, ServicePlan>): void {
  for (const { service } of plans.values()) {
    for (const dependency of Object.keys(service.dependencies)) {
      const before = plans.get(dependency);
      // A service that never goes away need not be gone first; its replacement waits for the dependency.
      if (plans.get(service.name)?.rolling !== undefined) continue;
      if (before !== undefined) orderStopsOf(builder, before, plans.get(service.name));
    }
  }
}

function orderStopsOf(builder: PlanBuilder, before: ServicePlan, dependant: ServicePlan | undefined): void {
  for (const name of namesOf(dependant)) {
    for (const other of namesOf(before)) {
      // Hooks of the dependency run while it still serves, after its dependants are gone.
      for (const stop of [`hook.run:${other}/pre_stop/0`, `container.stop:${other}`]) {
        if (builder.has(stop)) builder.order(stop, `container.stop:${name}`);
      }
    }
  }
}

function namesOf(plan: ServicePlan | undefined): string[] {
  return [
    ...(plan?.slots ?? []).map(({ name }) => name),
    // A replacement that was never finished serves nobody: its end waits for no one.
    ...(plan?.removals ?? [])
      .filter(({ container }) => !isTemporary(container))
      .map(({ container }) => container.name),
  ];
}

/** A name is free when the container that has it now is gone: final names, and temporary ones of an earlier attempt. */
export function orderNames(builder: PlanBuilder): void {
  for (const id of builder.ids("container.create", "container.rename")) {
    const operation = builder.get(id);
    const name = operation?.kind === "container.rename" ? operation.to : nameAtCreation(operation);
    if (name !== undefined) builder.order(id, `container.remove:${name}`);
  }
}

function nameAtCreation(operation: OperationDraft | undefined): string | undefined {
  return operation?.kind === "container.create" ? operation.name : undefined;
}

/** The users of a volume that is made anew are gone before it is. */
export function orderVolumes(
  builder: PlanBuilder,
  facts: PlanFacts,
  plans: ReadonlyMap<string, ServicePlan>,
): void {
  for (const volume of facts.recreatedVolumes.keys()) {
    const id = `volume.remove:${volume}`;
    for (const plan of plans.values()) {
      for (const { name, container } of plan.slots) {
        if (container !== undefined && plan.mode === "remove-first")
          builder.order(id, `container.remove:${name}`);
      }
      for (const { container } of plan.removals) builder.order(id, `container.remove:${container.name}`);
    }
    for (const { name, mounts } of orphansOf(facts.desired, facts.observed)) {
      if (mounts.some(({ Name }) => Name === volume)) builder.order(id, `container.remove:${name}`);
    }
  }
}

export interface AttachedContainer {
  /** Final name: operations are named by it. */
  readonly name: string;
  readonly container: ObservedContainer;
  readonly service: DesiredService | undefined;
  /** It goes away in this plan. */
  readonly leaves: boolean;
}

/** A network made anew: everybody off, and those that nothing else takes care of on again as they were. */
export function detachFromRecreatedNetworks(
  builder: PlanBuilder,
  facts: PlanFacts,
  attached: readonly AttachedContainer[],
  imageOperations: readonly OperationId[],
): void {
  for (const network of facts.recreatedNetworks.keys()) {
    const cause: Cause = { type: "network-recreated", network };
    for (const { name, container, service, leaves } of attached) {
      const endpoint = container.networks[network];
      if (endpoint === undefined) continue;
      const owner = container.service === "" ? {} : { service: container.service };
      const resource = { type: "container", name, ...owner } as const;
      const id = builder.add(
        {
          id: `network.disconnect:${name}/${network}`,
          kind: "network.disconnect",
          resource,
          cause,
          network,
          container: container.id,
        },
        [`container.stop:${name}`, ...imageOperations],
      );
      builder.order(`network.remove:${network}`, id);
      if (builder.has(`container.remove:${name}`)) builder.order(`container.remove:${name}`, id);
      if (service !== undefined || leaves) continue;
      builder.add(
        {
          id: `network.connect:${name}/${network}`,
          kind: "network.connect",
          resource,
          cause,
          network,
          container: container.id,
          endpoint: restoredEndpoint(endpoint),
        },
        [`network.create:${network}`],
      );
    }
  }
}

/** What was asked for, without what the engine assigned. */
function restoredEndpoint({ Aliases, IPAMConfig, DriverOpts, Links }: EndpointSettings): EndpointSettings {
  return {
    ...(Aliases ? { Aliases } : {}),
    ...(IPAMConfig ? { IPAMConfig } : {}),
    ...(DriverOpts ? { DriverOpts } : {}),
    ...(Links ? { Links } : {}),
  };
}
