/** Networks: created, made anew when their declaration changed, or required to be there. */
import type { DesiredNetwork, DesiredState } from "../desired/model.ts";
import { diffNetwork } from "../diff/network.ts";
import { RefusedError } from "../error.ts";
import { label } from "../labels.ts";
import type { ObservedNetwork, ObservedState } from "../observe/model.ts";
import type { PlanBuilder } from "./builder.ts";
import type { Cause, PlanWarning, ResourceRef } from "./operation.ts";

export interface NetworkPlan {
  /** Names of networks that are removed and created anew. */
  readonly recreated: ReadonlyMap<string, Cause>;
  readonly warnings: readonly PlanWarning[];
}

/** @throws RefusedError when an external network is not there */
export function planNetworks(
  builder: PlanBuilder,
  desired: DesiredState,
  observed: ObservedState,
): NetworkPlan {
  const recreated = new Map<string, Cause>();
  const warnings: PlanWarning[] = [];
  for (const network of desired.networks) {
    const resource: ResourceRef = { type: "network", name: network.name };
    const found = keptNetwork(observed, network.name);
    if (network.external) {
      requireExternal(network, observed);
    } else if (found === undefined) {
      create(builder, network, { type: "missing" });
      builder.change(resource, "create", { type: "missing" });
    } else if (found.project !== desired.project.name) {
      warnings.push({
        code: "foreign-resource",
        resource,
        ...(found.project === undefined ? {} : { detail: found.project }),
      });
      builder.change(resource, "keep", { type: "requested" });
    } else {
      const cause = diffNetwork(network, found, desired.locate);
      builder.change(resource, cause === undefined ? "keep" : "recreate", cause ?? { type: "requested" });
      if (cause === undefined) continue;
      recreated.set(network.name, cause);
      builder.add({
        id: `network.remove:${network.name}`,
        kind: "network.remove",
        resource,
        cause,
        network: found.id,
      });
      create(builder, network, cause);
      builder.order(`network.create:${network.name}`, `network.remove:${network.name}`);
    }
  }
  return { recreated, warnings };
}

/**
 * Engines may hold two networks of one name: a killed run's request was still under way when the next run asked for
 * the same. Nothing can be started on an ambiguous name, so all but the one in use go first.
 */
export function removeTwinNetworks(
  builder: PlanBuilder,
  desired: DesiredState,
  observed: ObservedState,
): void {
  for (const { name, external } of desired.networks) {
    if (external) continue;
    const kept = keptNetwork(observed, name);
    for (const twin of observed.networks) {
      if (twin.name !== name || twin.id === kept?.id || twin.project !== desired.project.name) continue;
      const id = builder.add({
        id: `network.remove:${name}/${twin.id.slice(0, 12)}`,
        kind: "network.remove",
        resource: { type: "network", name },
        cause: { type: "leftover" },
        network: twin.id,
      });
      for (const on of builder.ids("container.create", "container.start", "network.connect"))
        builder.order(on, id);
    }
  }
}

/** Of several networks of one name the one that containers are attached to, or the first. */
function keptNetwork({ networks, containers }: ObservedState, name: string): ObservedNetwork | undefined {
  const same = networks.filter((network) => network.name === name);
  const used = new Set(
    containers.flatMap((container) => Object.values(container.networks).map((on) => on.NetworkID)),
  );
  return same.find(({ id }) => used.has(id)) ?? same[0];
}

/** A network of ours whose key got another name: the old one goes when nothing is attached any more. */
export function removeRenamedNetworks(
  builder: PlanBuilder,
  desired: DesiredState,
  observed: ObservedState,
): void {
  for (const network of observed.networks) {
    const wanted = desired.networks.find(({ key }) => key === network.key);
    const isOurs = network.project === desired.project.name && network.labels[label.network] !== undefined;
    if (!isOurs || wanted === undefined || wanted.external || wanted.name === network.name) continue;
    const resource: ResourceRef = { type: "network", name: network.name };
    const cause: Cause = { type: "renamed", from: network.name, to: wanted.name };
    builder.change(resource, "remove", cause);
    const id = builder.add({
      id: `network.remove:${network.name}`,
      kind: "network.remove",
      resource,
      cause,
      network: network.id,
      bestEffort: true,
    });
    for (const on of builder.ids("container.remove", "container.start")) builder.order(id, on, "settled");
  }
}

function create(builder: PlanBuilder, network: DesiredNetwork, cause: Cause): void {
  builder.add({
    id: `network.create:${network.name}`,
    kind: "network.create",
    resource: { type: "network", name: network.name },
    cause,
    body: network.body,
  });
}

function requireExternal({ key, name }: DesiredNetwork, observed: ObservedState): void {
  if (observed.networks.some((network) => network.name === name || network.id === name)) return;
  throw new RefusedError(`networks.${key}: external network "${name}" does not exist`, {
    hint: `create it (docker network create ${name}), or remove \`external\` to let the stack own it`,
  });
}
