/** Anonymous volumes of a container that is replaced go over to its replacement: they hold data. */
import type { DesiredService } from "../desired/model.ts";
import { readSpecification } from "../diff/specification.ts";
import type { ContainerCreateBody, MountPoint, MountRequest } from "../docker/types.ts";
import type { ObservedContainer } from "../observe/model.ts";

/** Engines name them with 64 hex digits. */
const ANONYMOUS = /^[0-9a-f]{64}$/;

/** Volumes that live and die with the container. Carried-over ones count, though the engine takes them for named. */
export function anonymousVolumesOf({ mounts }: ObservedContainer): string[] {
  return mounts.flatMap(({ Type, Name }) =>
    Type === "volume" && Name !== undefined && ANONYMOUS.test(Name) ? [Name] : [],
  );
}

export function carryAnonymousVolumes(
  body: ContainerCreateBody,
  old: ObservedContainer,
  service: DesiredService,
): ContainerCreateBody {
  const carried = old.mounts.filter((mount) => isCarried(mount, body, old, service));
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

function isCarried(
  mount: MountPoint,
  body: ContainerCreateBody,
  old: ObservedContainer,
  service: DesiredService,
): boolean {
  if (mount.Type !== "volume" || mount.Name === undefined || !ANONYMOUS.test(mount.Name)) return false;
  const target = mount.Destination;
  const isDeclared = (service.service.volumes ?? []).some(
    (wanted) => wanted.type === "volume" && wanted.source === undefined && wanted.target === target,
  );
  if (isDeclared) return true;
  if (isMountedOtherwise(body, target)) return false;
  // It may be another container's, which brings it again by itself.
  if ((service.service.volumes_from ?? []).length > 0) return false;
  return !wasDeclared(old, target);
}

function isMountedOtherwise({ HostConfig }: ContainerCreateBody, target: string): boolean {
  const bound = (HostConfig.Binds ?? []).some((bind) => bind.split(":")[1] === target);
  const mounted = (HostConfig.Mounts ?? []).some((wanted) => wanted.Target === target);
  return bound || mounted || HostConfig.Tmpfs?.[target] !== undefined;
}

/** Declared by the stack then and not any more: dropped on purpose. Otherwise it came with the image. */
function wasDeclared(old: ObservedContainer, target: string): boolean {
  const volumes = readSpecification(old.labels)?.["volumes"];
  return Array.isArray(volumes) && volumes.some((volume: { target?: unknown }) => volume.target === target);
}
