/** Anonymous volumes of a container that is replaced go over to its replacement: they hold data. */
import type { DesiredService } from "../desired/model.ts";
import { readSpecification } from "../diff/specification.ts";
import type { ContainerCreateBody, MountPoint, MountRequest } from "../docker/types.ts";
import type { ObservedContainer } from "../observe/model.ts";
import type { PlanBuilder } from "./builder.ts";
import type { Slot } from "./replicas.ts";
import type { PlanFacts } from "./service-plan.ts";

/** Engines name them with 64 hex digits. */
const ANONYMOUS = /^[0-9a-f]{64}$/;

/** Volumes that live and die with the container. Carried-over ones count, though the engine takes them for named. */
export function anonymousVolumesOf({ mounts }: ObservedContainer): string[] {
  return mounts.flatMap(({ Type, Name }) =>
    Type === "volume" && Name !== undefined && ANONYMOUS.test(Name) ? [Name] : [],
  );
}

/** @param all every container of the project: what one of another service mounts, too, came from there */
export function carryAnonymousVolumes(
  body: ContainerCreateBody,
  old: ObservedContainer,
  service: DesiredService,
  all: readonly ObservedContainer[],
): ContainerCreateBody {
  const others = all.filter((other) => other.service !== old.service).flatMap(anonymousVolumesOf);
  const carried = old.mounts.filter((mount) => isCarried(mount, { body, old, service, others }));
  if (carried.length === 0) return body;
  const targets = new Set(carried.map(({ Destination }) => Destination));
  const declared = (body.HostConfig.Mounts ?? []).filter(({ Target }) => !targets.has(Target));
  const mounts = carried.map(({ Name, Destination }): MountRequest => ({
    Type: "volume",
    ...(Name === undefined ? {} : { Source: Name }),
    Target: Destination,
  }));
  return { ...body, HostConfig: { ...body.HostConfig, Mounts: [...declared, ...mounts] } };
}

/**
 * With `-V` a replaced container's own volumes go with it. Those that were carried over once are no longer anonymous
 * to the engine, which leaves them.
 */
export function addVolumeRemovals(
  { builder, facts }: { readonly builder: PlanBuilder; readonly facts: PlanFacts },
  { name, cause, onlyIf }: Slot,
  old: ObservedContainer,
): void {
  if (facts.policy.renewAnonymousVolumes !== true) return;
  const used = new Set(
    facts.observed.containers.filter(({ id }) => id !== old.id).flatMap(anonymousVolumesOf),
  );
  for (const volume of anonymousVolumesOf(old)) {
    if (used.has(volume)) continue;
    builder.add(
      {
        id: `volume.remove:${volume}`,
        kind: "volume.remove",
        resource: { type: "volume", name: volume },
        cause,
        volume,
        bestEffort: true,
        ...(onlyIf === undefined ? {} : { onlyIf }),
      },
      [`container.remove:${name}`],
    );
  }
}

interface Replacement {
  readonly body: ContainerCreateBody;
  readonly old: ObservedContainer;
  readonly service: DesiredService;
  /** Volumes that containers of other services mount. */
  readonly others: readonly string[];
}

function isCarried(mount: MountPoint, { body, old, service, others }: Replacement): boolean {
  if (mount.Type !== "volume" || mount.Name === undefined || !ANONYMOUS.test(mount.Name)) return false;
  const target = mount.Destination;
  const isDeclared = (service.service.volumes ?? []).some(
    (wanted) => wanted.type === "volume" && wanted.source === undefined && wanted.target === target,
  );
  if (isDeclared) return true;
  if (isMountedOtherwise(body, target)) return false;
  // Another container's, which brings it again by itself, if it is still wanted. Those of strangers are not listed.
  if (others.includes(mount.Name) || takesFromStranger(service.service.volumes_from)) return false;
  const before = readSpecification(old.labels);
  return !takesFromStranger(before?.["volumes_from"]) && !wasDeclared(before, target);
}

function isMountedOtherwise({ HostConfig }: ContainerCreateBody, target: string): boolean {
  const bound = (HostConfig.Binds ?? []).some((bind) => bind.split(":")[1] === target);
  const mounted = (HostConfig.Mounts ?? []).some((wanted) => wanted.Target === target);
  return bound || mounted || HostConfig.Tmpfs?.[target] !== undefined;
}

/** Declared by the stack then and not any more: dropped on purpose. Otherwise it came with the image. */
function wasDeclared(before: ReturnType<typeof readSpecification>, target: string): boolean {
  const volumes = before?.["volumes"];
  return Array.isArray(volumes) && volumes.some((volume: { target?: unknown }) => volume.target === target);
}

function takesFromStranger(volumesFrom: unknown): boolean {
  return (
    Array.isArray(volumesFrom) && volumesFrom.some((text: unknown) => String(text).startsWith("container:"))
  );
}
