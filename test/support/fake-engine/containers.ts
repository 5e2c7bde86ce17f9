/** Create, rename, update and remove of fake containers. */
import type {
  ContainerConfig,
  ContainerCreateBody,
  EndpointSettings,
  HostConfig,
} from "../../../engine/docker/types.ts";
import { emitContainer } from "./emit.ts";
import { findImage } from "./images.ts";
import { endContainer, setStatus } from "./lifecycle.ts";
import { containerMounts, releaseAnonymousVolumes } from "./volumes.ts";
import type { FakeContainer } from "./records.ts";
import { findContainer, isUp, needContainer, refuse, type World } from "./world.ts";

const CREATE = "POST /containers/create";

export function createContainer(
  world: World,
  name: string,
  body: ContainerCreateBody,
): { id: string; warnings: string[] } {
  const image = findImage(world, body.Image);
  if (image === undefined) throw refuse(404, CREATE, `No such image: ${withTag(body.Image)}`);
  refuseTakenName(world, name, CREATE);
  const endpoints = Object.entries(body.NetworkingConfig?.EndpointsConfig ?? {});
  if (endpoints.length > 1 && !atLeast(world.apiVersion, 44)) {
    const names = endpoints.map(([network]) => network).join(", ");
    throw refuse(400, CREATE, `Container cannot be connected to network endpoints: ${names}`);
  }
  const id = world.newId("container");
  const config = mergeConfig(image.config, body);
  const container: FakeContainer = {
    id,
    name,
    imageId: image.id,
    body: withPeerIds(world, body),
    config: { ...config, Hostname: config.Hostname ?? id.slice(0, 12) },
    createdAt: world.now(),
    status: "created",
    exitCode: 0,
    error: "",
    startedAt: undefined,
    finishedAt: undefined,
    restartCount: 0,
    stopped: false,
    health: undefined,
    networks: initialNetworks(body, endpoints),
    ports: {},
    mounts: containerMounts(world, body, image.config),
    logs: [],
    files: new Map(),
    run: 0,
    attached: new Set(),
  };
  world.containers.set(id, container);
  emitContainer(world, container, "create");
  return { id, warnings: [] };
}

export function renameContainer(world: World, reference: string, name: string): void {
  const operation = `POST /containers/${reference}/rename`;
  const container = needContainer(world, reference, operation);
  if (container.name === name) {
    throw refuse(400, operation, "Renaming a container with the same name as its current name");
  }
  refuseTakenName(world, name, operation);
  const oldName = container.name;
  container.name = name;
  emitContainer(world, container, "rename", { oldName: `/${oldName}` });
}

export function updateContainer(world: World, reference: string, change: Partial<HostConfig>): void {
  const container = needContainer(world, reference, `POST /containers/${reference}/update`);
  container.body = { ...container.body, HostConfig: { ...container.body.HostConfig, ...change } };
  emitContainer(world, container, "update");
}

export function removeContainer(
  world: World,
  reference: string,
  options: { readonly force?: boolean; readonly volumes?: boolean },
): void {
  const container = findContainer(world, reference);
  if (container === undefined) return;
  if (isUp(container) || container.status === "restarting") {
    if (options.force !== true) {
      throw refuse(
        409,
        `DELETE /containers/${reference}`,
        `You cannot remove a running container ${container.id}. Stop the container before attempting removal or force remove`,
      );
    }
    container.stopped = true;
    emitContainer(world, container, "kill", { signal: "9" });
    endContainer(world, container, 137);
  }
  setStatus(world, container, "removing");
  world.containers.delete(container.id);
  if (options.volumes === true) releaseAnonymousVolumes(world, container);
  emitContainer(world, container, "destroy");
}

function atLeast(apiVersion: string, minor: number): boolean {
  return Number(apiVersion.split(".")[1]) >= minor;
}

function refuseTakenName(world: World, name: string, operation: string): void {
  const holder = [...world.containers.values()].find((c) => c.name === name);
  if (holder === undefined) return;
  throw refuse(
    409,
    operation,
    `Conflict. The container name "/${name}" is already in use by container "${holder.id}". ` +
      "You have to remove (or rename) that container to be able to reuse that name.",
  );
}

function initialNetworks(
  body: ContainerCreateBody,
  endpoints: readonly (readonly [string, EndpointSettings])[],
): Map<string, EndpointSettings> {
  const networks = new Map<string, EndpointSettings>(endpoints);
  const mode = body.HostConfig.NetworkMode ?? "default";
  if (mode.startsWith("container:")) return new Map();
  const name = mode === "default" ? "bridge" : mode;
  if (!networks.has(name)) networks.set(name, {});
  return networks;
}

/** A namespace is shared with one container for good, whoever gets its name later. */
function withPeerIds(world: World, body: ContainerCreateBody): ContainerCreateBody {
  const { NetworkMode: mode } = body.HostConfig;
  if (mode?.startsWith("container:") !== true) return body;
  const peer = needContainer(world, mode.slice("container:".length), CREATE);
  return { ...body, HostConfig: { ...body.HostConfig, NetworkMode: `container:${peer.id}` } };
}

function mergeConfig(image: ContainerConfig, body: ContainerCreateBody): ContainerConfig {
  const { HostConfig: _host, NetworkingConfig: _networking, ...request } = body;
  const named = new Map<string, string>();
  for (const entry of [...(image.Env ?? []), ...(body.Env ?? [])]) {
    const key = entry.split("=", 1)[0] ?? entry;
    if (entry.includes("=")) named.set(key, entry);
    else named.delete(key);
  }
  const ownEntrypoint = body.Entrypoint !== undefined && body.Entrypoint !== null;
  const command = body.Cmd ?? (ownEntrypoint ? undefined : image.Cmd);
  return {
    ...image,
    ...request,
    Env: [...named.values()],
    Labels: { ...image.Labels, ...body.Labels },
    Entrypoint: body.Entrypoint ?? image.Entrypoint ?? null,
    Cmd: command ?? null,
    ExposedPorts: { ...image.ExposedPorts, ...body.ExposedPorts },
  };
}

function withTag(reference: string): string {
  return /[:@]/.test(reference.slice(reference.lastIndexOf("/") + 1)) ? reference : `${reference}:latest`;
}
