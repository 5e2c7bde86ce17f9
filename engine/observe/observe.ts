/** One snapshot of the engine: one list call a resource kind, all at once. */
import type { CallOptions, ReadOnlyEngine } from "../docker/api.ts";
import type {
  ContainerSummary,
  EndpointSettings,
  ImageSummary,
  NetworkResource,
  VolumeResource,
} from "../docker/types.ts";
import { label } from "../labels.ts";
import { imageKey } from "../ref.ts";
import type {
  ObservedContainer,
  ObservedImage,
  ObservedNetwork,
  ObservedState,
  ObservedVolume,
} from "./model.ts";
import { parseExitCode, parseHealth } from "./status.ts";

export interface ObserveQuery {
  readonly project: string;
  /** Engine names that the stack uses: found whoever made them. External networks may be given by id. */
  readonly networkNames: readonly string[];
  readonly volumeNames: readonly string[];
}

/** GET /containers/json, /networks, /volumes, /images/json */
export async function observe(
  engine: ReadOnlyEngine,
  query: ObserveQuery,
  options: CallOptions = {},
): Promise<ObservedState> {
  const [containers, networks, volumes, images] = await Promise.all([
    engine.listContainers({ ...options, filters: { label: [`${label.project}=${query.project}`] } }),
    engine.listNetworks(options),
    engine.listVolumes(options),
    engine.listImages(options),
  ]);
  const networkNames = new Set(query.networkNames);
  const volumeNames = new Set(query.volumeNames);
  const isOurs = (labels: ContainerSummary["Labels"] | null): boolean =>
    labels?.[label.project] === query.project;
  return {
    project: query.project,
    containers: containers.map(toContainer).toSorted((a, b) => compareText(a.name, b.name)),
    networks: networks
      .filter(({ Name, Id, Labels }) => isOurs(Labels) || networkNames.has(Name) || networkNames.has(Id))
      .map(toNetwork)
      .toSorted((a, b) => compareText(a.name, b.name) || compareText(a.id, b.id)),
    volumes: volumes
      .filter(({ Name, Labels }) => isOurs(Labels) || volumeNames.has(Name))
      .map(toVolume)
      .toSorted((a, b) => compareText(a.name, b.name)),
    images: toImages(images),
  };
}

export function toContainer(summary: ContainerSummary): ObservedContainer {
  const labels = summary.Labels ?? {};
  const number = Number(labels[label.containerNumber]);
  return {
    id: summary.Id,
    name: ownName(summary.Names),
    service: labels[label.service] ?? "",
    number: Number.isInteger(number) && number > 0 ? number : undefined,
    oneoff: labels[label.oneoff]?.toLowerCase() === "true",
    state: summary.State,
    health: parseHealth(summary.Status),
    exitCode: summary.State === "exited" ? parseExitCode(summary.Status) : undefined,
    image: summary.Image,
    imageId: imageId(summary.ImageID),
    labels,
    networks: attachedNetworks(summary),
    mounts: summary.Mounts ?? [],
    ports: (summary.Ports ?? []).map((port) => ({
      private: port.PrivatePort,
      type: port.Type,
      ...(port.IP === undefined ? {} : { ip: port.IP }),
      ...(port.PublicPort === undefined ? {} : { public: port.PublicPort }),
    })),
    createdAt: summary.Created,
    status: summary.Status,
    command: summary.Command,
  };
}

/** Links add names of the form `/other/alias`: the container's own one has a single slash. */
function ownName(names: readonly string[]): string {
  const own = names.find((name) => !name.slice(1).includes("/")) ?? names[0] ?? "";
  return own.replace(/^\//, "");
}

/** Shared namespaces and `host` and `none` are modes, not attachments. */
function attachedNetworks(summary: ContainerSummary): Readonly<Record<string, EndpointSettings>> {
  return summary.NetworkSettings?.Networks ?? {};
}

function toNetwork(network: NetworkResource): ObservedNetwork {
  const labels = network.Labels ?? {};
  return {
    id: network.Id,
    name: network.Name,
    key: labels[label.network],
    project: labels[label.project],
    labels,
    driver: network.Driver,
  };
}

function toVolume(volume: VolumeResource): ObservedVolume {
  const labels = volume.Labels ?? {};
  return {
    name: volume.Name,
    key: labels[label.volume],
    project: labels[label.project],
    labels,
    driver: volume.Driver,
  };
}

function toImages(images: readonly ImageSummary[]): Map<string, ObservedImage> {
  const found = new Map<string, ObservedImage>();
  for (const image of images) {
    const id = imageId(image.Id);
    const observed: ObservedImage = { id, labels: image.Labels ?? {}, created: image.Created };
    found.set(id, observed);
    for (const reference of [...(image.RepoTags ?? []), ...(image.RepoDigests ?? [])]) {
      if (!reference.includes("<none>")) found.set(imageKey(reference), observed);
    }
  }
  return found;
}

/** Podman leaves the algorithm out in places. */
function imageId(id: string): string {
  return id === "" || id.includes(":") ? id : `sha256:${id}`;
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
