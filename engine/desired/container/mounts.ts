/** Binds, volumes, memory file systems, images, and volumes of other containers. */
import type { Mount } from "../../../schema/model.ts";
import { parseBytes } from "../../../schema/quantity.ts";
import { compact, nonEmpty } from "../../compact.ts";
import type { HostConfig, MountRequest } from "../../docker/types.ts";
import { imageName } from "../../ref.ts";
import type { PeerContainers } from "../model.ts";
import { peerName, type ServiceContext } from "./context.ts";
import { fileMounts } from "./files.ts";

const API_SOCKET = "/var/run/docker.sock";

export function mapMounts(context: ServiceContext, peers: PeerContainers | undefined): HostConfig {
  const { service } = context;
  const declared = service.volumes ?? [];
  const binds = declared.flatMap((mount) => toBind(context, mount) ?? []);
  const memory = declared.filter(({ type }) => type === "tmpfs");
  const mounts = declared
    .filter((mount) => toBind(context, mount) === undefined && mount.type !== "tmpfs")
    .map((mount) => toMount(context, mount));
  if (service.use_api_socket === true) {
    binds.push(`${API_SOCKET}:${API_SOCKET}`);
    context.check.ignore(context.name, "use_api_socket (registry credentials)");
  }
  return compact({
    Binds: nonEmpty(binds),
    Mounts: nonEmpty([...mounts, ...fileMounts(context)]),
    Tmpfs: mapTmpfs([...(service.tmpfs ?? []), ...memory.map(toTmpfs)]),
    VolumesFrom: nonEmpty(mapVolumesFrom(context, peers)),
  });
}

/**
 * The short form `source:target:options`, which also creates missing host directories; undefined for mounts that
 * need the long form.
 */
function toBind(context: ServiceContext, mount: Mount): string | undefined {
  if (mount.source === undefined || mount.source.includes(":") || mount.target.includes(":"))
    return undefined;
  const access = mount.read_only === true ? "ro" : "rw";
  switch (mount.type) {
    case "bind": {
      if (needsLongForm(mount)) return undefined;
      const options = [access, mount.bind?.propagation, mount.bind?.selinux].filter(Boolean);
      return `${mount.source}:${mount.target}:${options.join(",")}`;
    }
    case "volume": {
      const { labels, nocopy, subpath } = mount.volume ?? {};
      if (labels !== undefined || nocopy === true || subpath !== undefined) return undefined;
      return `${volumeName(context, mount.source)}:${mount.target}:${access}`;
    }
    case "tmpfs":
    case "cluster":
    case "npipe":
    case "image":
      return undefined;
    default:
      return mount.type satisfies never;
  }
}

/**
 * Bind options that do not say `create_host_path: true` mean that the path must exist (no options at all: it is
 * created), which only the long form can say. SELinux labels only the short form can.
 */
function needsLongForm({ bind }: Mount): boolean {
  if (bind === undefined || bind.selinux !== undefined) return false;
  return bind.create_host_path !== true || bind.recursive !== undefined;
}

function toMount(context: ServiceContext, mount: Mount): MountRequest {
  return {
    Type: mount.type,
    Target: mount.target,
    ...compact({
      Source: mountSource(context, mount),
      ReadOnly: mount.read_only,
      Consistency: mount.consistency,
      BindOptions: mount.type === "bind" ? nonEmpty(bindOptions(context, mount)) : undefined,
      VolumeOptions: mount.type === "volume" ? nonEmpty(volumeOptions(context, mount)) : undefined,
      ImageOptions: mount.type === "image" ? nonEmpty(imageOptions(context, mount)) : undefined,
    }),
  };
}

/**
 * The short form, `target:options`. When another container takes the volumes of this one, Docker looks for a volume
 * behind each mount, and finds none behind the long form of a memory file system ("no such volume").
 */
function toTmpfs({ target, read_only: isReadOnly, tmpfs }: Mount): string {
  const size = tmpfs?.size === undefined ? undefined : parseBytes(tmpfs.size);
  const options = [
    ...(isReadOnly === true ? ["ro"] : []),
    ...(size === undefined ? [] : [`size=${size}`]),
    ...(tmpfs?.mode === undefined ? [] : [`mode=${tmpfs.mode.toString(8)}`]),
  ];
  return `${target}:${options.join(",")}`;
}

function mountSource(context: ServiceContext, mount: Mount): string | undefined {
  if (mount.source === undefined) return undefined;
  if (mount.type === "volume") return volumeName(context, mount.source);
  if (mount.type !== "image") return mount.source;
  // The name of a service stands for the image it runs.
  const service = context.stack.services[mount.source];
  return service === undefined ? mount.source : (service.image ?? imageName(context.stack, mount.source));
}

function bindOptions(context: ServiceContext, mount: Mount): NonNullable<MountRequest["BindOptions"]> {
  const { propagation, recursive, create_host_path: create } = mount.bind ?? {};
  if (recursive === "writable" || recursive === "readonly") {
    context.check.takes("recursive-read-only-mount", context.name, `volumes bind.recursive: ${recursive}`);
  }
  return compact({
    Propagation: propagation,
    CreateMountpoint: create === true ? true : undefined,
    NonRecursive: recursive === "disabled" ? true : undefined,
    ReadOnlyNonRecursive: recursive === "writable" ? true : undefined,
    ReadOnlyForceRecursive: recursive === "readonly" ? true : undefined,
  });
}

function volumeOptions(context: ServiceContext, mount: Mount): NonNullable<MountRequest["VolumeOptions"]> {
  const { labels, nocopy, subpath } = mount.volume ?? {};
  if (subpath !== undefined) {
    context.check.takes("volume-subpath", context.name, "volumes volume.subpath");
  }
  return compact({ Labels: labels, NoCopy: nocopy, Subpath: subpath });
}

function imageOptions(context: ServiceContext, mount: Mount): NonNullable<MountRequest["ImageOptions"]> {
  context.check.takes("image-mount", context.name, "volumes type: image");
  return compact({ Subpath: mount.image?.subpath });
}

/** Engine name of a top-level volume. */
export function volumeName({ stack }: ServiceContext, key: string): string {
  return stack.volumes[key]?.name ?? key;
}

function mapTmpfs(entries: readonly string[]): Record<string, string> | undefined {
  if (entries.length === 0) return undefined;
  return Object.fromEntries(
    entries.map((entry) => {
      const colon = entry.indexOf(":");
      return colon < 0 ? [entry, ""] : [entry.slice(0, colon), entry.slice(colon + 1)];
    }),
  );
}

/** `service[:mode]` and `container:name[:mode]`. */
function mapVolumesFrom(context: ServiceContext, peers: PeerContainers | undefined): string[] {
  return (context.service.volumes_from ?? []).map((text) => {
    if (text.startsWith("container:")) return text.slice("container:".length);
    const [service = "", mode] = text.split(":");
    const container = peerName(context, service, peers);
    return mode === undefined ? container : `${container}:${mode}`;
  });
}
