/** Why a container cannot stay. */
import { completeHash } from "../desired/config-hash.ts";
import type { DesiredService, DesiredState } from "../desired/model.ts";
import { label } from "../labels.ts";
import { imageOf } from "../observe/image-of.ts";
import type { ObservedContainer, ObservedState } from "../observe/model.ts";
import type { Cause, FieldChange } from "../plan/operation.ts";
import { diffInPlace } from "./in-place.ts";
import { compareSpecification, relevantTo } from "./specification.ts";

/** The first of: specification, working directory, image, mounts, network identity. */
export function diffContainer(
  desired: DesiredState,
  service: DesiredService,
  container: ObservedContainer,
  observed: ObservedState,
): Cause | undefined {
  return (
    diffSpecification(desired, service, container, observed) ??
    diffOwner(desired, container) ??
    diffImage(service, container, observed) ??
    diffMounts(desired, service, container) ??
    diffNetworkIdentity(desired, container, observed) ??
    (container.state === "dead" ? { type: "not-running", state: container.state } : undefined)
  );
}

function diffSpecification(
  desired: DesiredState,
  service: DesiredService,
  container: ObservedContainer,
  observed: ObservedState,
): Cause | undefined {
  const inPlace = diffInPlace(desired, service, container);
  if (inPlace !== undefined) {
    const { changes, patch } = inPlace;
    return changes.length === 0 || patch !== undefined ? undefined : { type: "diverged", changes };
  }
  return compareSpecification(container.labels, service.specification, () => peerHash(service, observed), {
    base: ["services", service.name],
    locate: desired.locate,
    relevant: relevantTo(service),
  });
}

/** With the ids of the containers that the service shares something with, as they are now. */
function peerHash({ hashTemplate, configHash }: DesiredService, { containers }: ObservedState): string {
  if (hashTemplate === undefined) return configHash;
  const firsts = containers
    .filter(({ oneoff, number }) => !oneoff && number !== undefined)
    .toSorted((a, b) => (b.number ?? 0) - (a.number ?? 0));
  return completeHash(hashTemplate, new Map(firsts.map(({ service, id }) => [service, id]))) ?? configHash;
}

/** A container that is taken over from another directory is made anew, so that its labels say whose it is. */
function diffOwner(desired: DesiredState, container: ObservedContainer): Cause | undefined {
  if (!isForeign(desired.project, container)) return undefined;
  const from = container.labels[label.workingDir];
  const change = { path: `labels["${label.workingDir}"]`, from, to: desired.project.workingDir };
  return { type: "diverged", changes: [change] };
}

export interface ProjectIdentity {
  readonly workingDir: string;
}

/** Same project name, other working directory: somebody else's. */
export function isForeign({ workingDir }: ProjectIdentity, container: ObservedContainer): boolean {
  const owner = container.labels[label.workingDir];
  return owner !== undefined && owner !== "" && owner !== workingDir;
}

/** The reference means another image now than the one the container runs. */
function diffImage(
  service: DesiredService,
  container: ObservedContainer,
  observed: ObservedState,
): Cause | undefined {
  const image = imageOf(observed, service.image.reference);
  if (image === undefined || image.id === container.imageId) return undefined;
  // Engines with another image store list another id than the one a container was created from.
  if (image.id === container.labels[label.image]) return undefined;
  return { type: "image-changed", from: container.imageId, to: image.id };
}

/** A declared volume is mounted under another name, or not at all. Engines that list no mounts are not asked. */
function diffMounts(
  desired: DesiredState,
  service: DesiredService,
  container: ObservedContainer,
): Cause | undefined {
  if (container.mounts.length === 0) return undefined;
  const changes = (service.service.volumes ?? []).flatMap((mount, index): FieldChange[] => {
    if (mount.type !== "volume" || mount.source === undefined) return [];
    const wanted = desired.volumes.find((volume) => volume.key === mount.source)?.name ?? mount.source;
    const actual = container.mounts.find((candidate) => candidate.Destination === mount.target)?.Name;
    if (actual === wanted) return [];
    const range = desired.locate(["services", service.name, "volumes", index]);
    const from = actual === undefined ? {} : { from: actual };
    return [
      { path: `volumes[${index}].source`, ...from, to: wanted, ...(range === undefined ? {} : { range }) },
    ];
  });
  return changes.length === 0 ? undefined : { type: "diverged", changes };
}

/** Attached to a network that has gone, whatever has its name now: such a container cannot start again. */
function diffNetworkIdentity(
  desired: DesiredState,
  container: ObservedContainer,
  observed: ObservedState,
): Cause | undefined {
  for (const [name, { NetworkID }] of Object.entries(container.networks)) {
    // Podman lists the name in the place of the id.
    const isUnknown = NetworkID === undefined || NetworkID === "" || NetworkID === name;
    const same = observed.networks.filter((network) => network.name === name);
    // A stranger's network is not looked at.
    const isSeen = same.length > 0 || desired.networks.some((network) => network.name === name);
    if (isUnknown || !isSeen || same.some(({ id }) => id === NetworkID)) continue;
    return { type: "network-gone", network: name };
  }
  return undefined;
}
