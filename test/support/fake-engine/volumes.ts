/** Fake volumes, and what the mounts of a container request come to. */
import type {
  ContainerConfig,
  ContainerCreateBody,
  Filters,
  MountPoint,
  VolumeCreateBody,
  VolumeResource,
} from "../../../engine/docker/types.ts";
import { matchesLabel } from "./events.ts";
import type { FakeContainer, FakeVolume } from "./records.ts";
import { findContainer, refuse, type World } from "./world.ts";

export function createVolume(world: World, body: VolumeCreateBody, anonymous = false): FakeVolume {
  const existing = world.volumes.get(body.Name);
  if (existing !== undefined) return existing;
  const volume: FakeVolume = {
    name: body.Name,
    driver: body.Driver ?? "local",
    labels: { ...body.Labels },
    options: { ...body.DriverOpts },
    anonymous,
    createdAt: world.now(),
  };
  world.volumes.set(volume.name, volume);
  world.events.emit("volume", "create", volume.name, { driver: volume.driver });
  return volume;
}

export function removeVolume(world: World, name: string): void {
  const volume = world.volumes.get(name);
  if (volume === undefined) return;
  const users = [...world.containers.values()].filter((c) => c.mounts.some((m) => m.Name === name));
  if (users.length > 0) {
    const ids = users.map((c) => c.id).join(", ");
    throw refuse(409, `DELETE /volumes/${name}`, `remove ${name}: volume is in use - [${ids}]`);
  }
  world.volumes.delete(name);
  world.events.emit("volume", "destroy", name, { driver: volume.driver });
}

export function listVolumes(world: World, filters: Filters): VolumeResource[] {
  return [...world.volumes.values()].filter((v) => matches(world, v, filters)).map(view);
}

export function inspectVolume(world: World, name: string): VolumeResource | undefined {
  const volume = world.volumes.get(name);
  return volume === undefined ? undefined : view(volume);
}

/** Mounts of a container as asked for; creates the volumes that do not exist yet, as the engine does. */
export function containerMounts(
  world: World,
  body: ContainerCreateBody,
  image: ContainerConfig,
): MountPoint[] {
  const mounts: MountPoint[] = [];
  for (const bind of body.HostConfig.Binds ?? []) {
    const [source = "", destination = "", mode = ""] = bind.split(":");
    const readOnly = mode.split(",").includes("ro");
    if (source.startsWith("/")) mounts.push(bindMount(source, destination, readOnly, mode));
    else mounts.push(volumeMount(createVolume(world, { Name: source }), destination, readOnly, mode));
  }
  for (const mount of body.HostConfig.Mounts ?? []) {
    const readOnly = mount.ReadOnly === true;
    if (mount.Type === "bind") mounts.push(bindMount(mount.Source ?? "", mount.Target, readOnly, ""));
    else if (mount.Type === "volume") {
      const options = mount.VolumeOptions;
      const volume =
        mount.Source === undefined || mount.Source === ""
          ? anonymousVolume(world)
          : createVolume(world, {
              Name: mount.Source,
              ...(options?.Labels === undefined ? {} : { Labels: options.Labels }),
            });
      mounts.push(volumeMount(volume, mount.Target, readOnly, "z"));
    } else
      mounts.push({ Type: mount.Type, Source: mount.Source ?? "", Destination: mount.Target, RW: !readOnly });
  }
  for (const reference of body.HostConfig.VolumesFrom ?? []) {
    const origin = findContainer(world, reference.split(":")[0] ?? reference);
    for (const mount of origin?.mounts ?? []) if (isFree(mounts, body, mount.Destination)) mounts.push(mount);
  }
  const declared = Object.keys({ ...image.Volumes, ...body.Volumes });
  for (const destination of declared) {
    if (isFree(mounts, body, destination)) {
      mounts.push(volumeMount(anonymousVolume(world), destination, false, ""));
    }
  }
  return mounts;
}

export function releaseAnonymousVolumes(world: World, container: FakeContainer): void {
  for (const { Name: name } of container.mounts) {
    if (name === undefined || world.volumes.get(name)?.anonymous !== true) continue;
    const shared = [...world.containers.values()].some((c) => c.mounts.some((m) => m.Name === name));
    if (!shared) removeVolume(world, name);
  }
}

function isFree(mounts: readonly MountPoint[], body: ContainerCreateBody, destination: string): boolean {
  return (
    !mounts.some((m) => m.Destination === destination) && body.HostConfig.Tmpfs?.[destination] === undefined
  );
}

function anonymousVolume(world: World): FakeVolume {
  return createVolume(world, { Name: world.newId("volume") }, true);
}

function bindMount(source: string, destination: string, readOnly: boolean, mode: string): MountPoint {
  return { Type: "bind", Source: source, Destination: destination, Mode: mode, RW: !readOnly };
}

function volumeMount(volume: FakeVolume, destination: string, readOnly: boolean, mode: string): MountPoint {
  return {
    Type: "volume",
    Name: volume.name,
    Source: mountpoint(volume),
    Destination: destination,
    Driver: volume.driver,
    Mode: mode,
    RW: !readOnly,
  };
}

function mountpoint(volume: FakeVolume): string {
  return `/var/lib/docker/volumes/${volume.name}/_data`;
}

function matches(world: World, volume: FakeVolume, filters: Filters): boolean {
  return Object.entries(filters).every(([key, values]) => {
    if (values.length === 0) return true;
    switch (key) {
      case "label":
        return values.every((value) => matchesLabel(volume.labels, value));
      case "name":
        return values.some((value) => volume.name.includes(value));
      case "dangling": {
        const used = [...world.containers.values()].some((c) => c.mounts.some((m) => m.Name === volume.name));
        return values.some((value) => ["true", "1"].includes(value) !== used);
      }
      default:
        return true;
    }
  });
}

function view(volume: FakeVolume): VolumeResource {
  return {
    Name: volume.name,
    Driver: volume.driver,
    Mountpoint: mountpoint(volume),
    CreatedAt: volume.createdAt.toISOString(),
    Labels: { ...volume.labels },
    Options: { ...volume.options },
    Scope: "local",
  };
}
