/** The plan of `down`: everything of the project goes, dependants first. Pure and deterministic. */
import type { DesiredService, DesiredState } from "../desired/model.ts";
import { label } from "../labels.ts";
import { lazy } from "../lazy.ts";
import { observedDigest } from "../observe/digest.ts";
import { imageOf } from "../observe/image-of.ts";
import type { ObservedContainer, ObservedState } from "../observe/model.ts";
import { anonymousVolumesOf } from "./anonymous-volumes.ts";
import { PlanBuilder } from "./builder.ts";
import { dependenciesFromLabels } from "./label-dependencies.ts";
import type { Cause, PlanResult, PlanWarning } from "./operation.ts";
import { FOREIGN_DECISION, foreignDecision } from "./orphans.ts";
import type { DownPolicy } from "./policy.ts";
import { addProviders } from "./providers.ts";
import { isUp } from "./replicas.ts";
import { addRemoval, stopHooksOf } from "./stop.ts";

const REQUESTED: Cause = { type: "requested" };

/** Without a desired state (no stack file at hand) the labels alone say what belongs to the project. */
export function planDown(
  desired: DesiredState | undefined,
  observed: ObservedState,
  policy: DownPolicy = {},
): PlanResult {
  const builder = new PlanBuilder();
  const references = (desired?.services ?? []).map(({ image }) => image.reference);
  const digest = lazy(() => observedDigest(observed, references));
  const foreign = desired === undefined ? undefined : foreignDecision(desired.project, observed.containers);
  if (foreign !== undefined && policy.adopt !== true && policy.answers?.[FOREIGN_DECISION] !== true) {
    return { plan: builder.build(observed.project, digest), decisions: [foreign], warnings: [] };
  }
  const { leaving, orphans } = selectLeaving(desired, observed, policy);
  addContainers(builder, desired, leaving, policy);
  if (desired !== undefined && policy.services === undefined) addProviders(builder, { desired }, "down");
  const stays = observed.containers.filter((container) => !leaving.includes(container));
  addNetworks(builder, observed, stays);
  if (policy.volumes === true) addVolumes(builder, observed, leaving, stays);
  if (desired !== undefined && policy.images !== undefined) addImages(builder, desired, observed, policy);
  const warnings: PlanWarning[] =
    orphans.length === 0 ? [] : [{ code: "orphans", names: orphans.map(({ name }) => name) }];
  return { plan: builder.build(observed.project, digest), decisions: [], warnings };
}

/** Orphans and running one-off containers stay unless asked for. */
function selectLeaving(
  desired: DesiredState | undefined,
  observed: ObservedState,
  policy: DownPolicy,
): { readonly leaving: readonly ObservedContainer[]; readonly orphans: readonly ObservedContainer[] } {
  const named =
    policy.services === undefined || policy.services.length === 0 ? undefined : new Set(policy.services);
  const known =
    desired === undefined
      ? undefined
      : new Set([...desired.services.map(({ name }) => name), ...desired.unselected]);
  const isOrphan = (container: ObservedContainer): boolean =>
    container.labels[label.hook] === undefined &&
    (container.oneoff ? isUp(container) : known !== undefined && !known.has(container.service));
  const orphans = policy.removeOrphans === true ? [] : observed.containers.filter(isOrphan);
  const leaving = observed.containers.filter((container) =>
    named === undefined ? !orphans.includes(container) : !container.oneoff && named.has(container.service),
  );
  return { leaving, orphans: orphans.filter(({ oneoff }) => !oneoff) };
}

function addContainers(
  builder: PlanBuilder,
  desired: DesiredState | undefined,
  leaving: readonly ObservedContainer[],
  policy: DownPolicy,
): void {
  const services = new Map((desired?.services ?? []).map((service) => [service.name, service]));
  for (const container of leaving) {
    const resource = { type: "container", name: container.name, service: container.service } as const;
    builder.change(resource, "remove", REQUESTED);
    addRemoval(builder, {
      container,
      resource,
      cause: REQUESTED,
      hooks: container.oneoff ? [] : stopHooksOf(services.get(container.service)),
      timeoutSeconds: policy.timeoutSeconds,
      after: [],
      volumes: policy.volumes === true,
    });
  }
  orderByDependencies(builder, services, leaving);
}

/** A container begins to stop when those that depend on it are gone (or failed to go: the rest goes all the same). */
export function orderByDependencies(
  builder: PlanBuilder,
  services: ReadonlyMap<string, DesiredService>,
  containers: readonly ObservedContainer[],
): void {
  for (const container of containers) {
    const declared = services.get(container.service);
    const dependencies =
      declared === undefined ? dependenciesFromLabels(container) : Object.keys(declared.dependencies);
    for (const dependency of containers.filter(({ service }) => dependencies.includes(service))) {
      const own = `container.remove:${container.name}`;
      const last = builder.has(own) ? own : `container.stop:${container.name}`;
      for (const first of firstOperations(dependency)) {
        if (builder.has(first)) builder.order(first, last, "settled");
      }
    }
  }
}

function firstOperations({ name }: ObservedContainer): string[] {
  return [`hook.run:${name}/pre_stop/0`, `container.stop:${name}`, `container.remove:${name}`];
}

/** Networks that a staying container uses stay as well. */
function addNetworks(
  builder: PlanBuilder,
  observed: ObservedState,
  stays: readonly ObservedContainer[],
): void {
  const used = new Set(stays.flatMap(({ networks }) => Object.keys(networks)));
  for (const network of observed.networks) {
    if (network.project !== observed.project || used.has(network.name)) continue;
    const resource = { type: "network", name: network.name } as const;
    builder.change(resource, "remove", REQUESTED);
    const id = builder.add({
      id: `network.remove:${network.name}`,
      kind: "network.remove",
      resource,
      cause: REQUESTED,
      network: network.id,
      // Containers of others may be attached: their network stays, with a warning.
      bestEffort: true,
    });
    for (const on of builder.ids("container.remove")) builder.order(id, on, "settled");
  }
}

/** Volumes of the project, and anonymous ones of its containers: those outlive `rm -v` once they were carried over. */
function addVolumes(
  builder: PlanBuilder,
  observed: ObservedState,
  leaving: readonly ObservedContainer[],
  stays: readonly ObservedContainer[],
): void {
  const used = new Set(stays.flatMap(({ mounts }) => mounts.map(({ Name }) => Name)));
  const named = observed.volumes
    .filter(({ project }) => project === observed.project)
    .map(({ name }) => name);
  const anonymous = leaving.flatMap(anonymousVolumesOf);
  for (const name of new Set([...named, ...anonymous])) {
    if (used.has(name)) continue;
    const resource = { type: "volume", name } as const;
    if (named.includes(name)) builder.change(resource, "remove", REQUESTED);
    const id = builder.add({
      id: `volume.remove:${name}`,
      kind: "volume.remove",
      resource,
      cause: REQUESTED,
      volume: name,
      bestEffort: true,
    });
    for (const on of builder.ids("container.remove")) builder.order(id, on, "settled");
  }
}

/** `local`: images of services without an `image` of their own. An image that others use stays, with a warning. */
function addImages(
  builder: PlanBuilder,
  desired: DesiredState,
  observed: ObservedState,
  { images, services }: DownPolicy,
): void {
  const named = services === undefined || services.length === 0 ? undefined : new Set(services);
  for (const { name, service, image } of desired.services) {
    const isWanted = images === "all" || service.image === undefined;
    if (!isWanted || service.provider !== undefined || named?.has(name) === false) continue;
    if (imageOf(observed, image.reference) === undefined || builder.has(`image.remove:${image.reference}`))
      continue;
    const resource = { type: "image", name: image.reference, service: name } as const;
    builder.change(resource, "remove", REQUESTED);
    const id = builder.add({
      id: `image.remove:${image.reference}`,
      kind: "image.remove",
      resource,
      cause: REQUESTED,
      reference: image.reference,
      bestEffort: true,
    });
    for (const on of builder.ids("container.remove")) builder.order(id, on, "settled");
  }
}
