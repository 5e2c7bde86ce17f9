/** Fake networks: create, connect with endpoint settings, disconnect, remove. */
import type {
  EndpointSettings,
  Filters,
  NetworkCreateBody,
  NetworkResource,
} from "../../../engine/docker/types.ts";
import { matchesLabel } from "./events.ts";
import type { FakeContainer, FakeNetwork } from "./records.ts";
import { isUp, needContainer, refuse, type World } from "./world.ts";

export function createNetwork(world: World, body: NetworkCreateBody): string {
  const duplicate = [...world.networks.values()].some((n) => n.name === body.Name);
  if (duplicate && body.CheckDuplicate === true) {
    throw refuse(409, "POST /networks/create", `network with name ${body.Name} already exists`);
  }
  const id = world.newId("network");
  const subnet = body.IPAM?.Config?.[0]?.Subnet;
  const prefix = subnet?.split(".").slice(0, 3).join(".") ?? `172.${15 + world.networks.size}.0`;
  world.networks.set(id, { id, name: body.Name, body, prefix, nextHost: 2 });
  world.events.emit("network", "create", id, { name: body.Name, type: body.Driver ?? "bridge" });
  return id;
}

export function removeNetwork(world: World, reference: string): void {
  const network = findNetwork(world, reference);
  if (network === undefined) return;
  const operation = `DELETE /networks/${reference}`;
  if (["bridge", "host", "none"].includes(network.name)) {
    throw refuse(403, operation, `${network.name} is a pre-defined network and cannot be removed`);
  }
  if (members(world, network).length > 0) {
    const message = `error while removing network: network ${network.name} id ${network.id} has active endpoints`;
    throw refuse(403, operation, message);
  }
  world.networks.delete(network.id);
  emit(world, network, "destroy");
}

export function connectNetwork(
  world: World,
  reference: string,
  containerReference: string,
  endpoint: EndpointSettings,
): void {
  const operation = `POST /networks/${reference}/connect`;
  const container = needContainer(world, containerReference, operation);
  if (!isUp(container)) {
    // Only noted: whether the network exists is seen at start.
    container.networks.set(findNetwork(world, reference)?.name ?? reference, endpoint);
    return;
  }
  const network = needNetwork(world, reference, operation);
  if (container.networks.has(network.name)) {
    const message = `endpoint with name ${container.name} already exists in network ${network.name}`;
    throw refuse(403, operation, message);
  }
  container.networks.set(network.name, endpoint);
  join(world, network, container);
}

export function disconnectNetwork(world: World, reference: string, containerReference: string): void {
  const operation = `POST /networks/${reference}/disconnect`;
  const network = needNetwork(world, reference, operation);
  const container = needContainer(world, containerReference, operation);
  if (!container.networks.delete(network.name)) {
    const message = `container ${container.id} is not connected to the network ${network.name}`;
    throw refuse(500, operation, message);
  }
  if (isUp(container)) emit(world, network, "disconnect", container);
}

export function listNetworks(world: World, filters: Filters): NetworkResource[] {
  return [...world.networks.values()].filter((n) => matches(n, filters)).map((n) => view(world, n, false));
}

export function inspectNetwork(world: World, reference: string): NetworkResource | undefined {
  const network = findNetwork(world, reference);
  return network === undefined ? undefined : view(world, network, true);
}

/** By id or name, then by id prefix: the engine's own precedence. */
export function findNetwork(world: World, reference: string): FakeNetwork | undefined {
  const byId = world.networks.get(reference);
  if (byId !== undefined) return byId;
  const all = [...world.networks.values()];
  const prefixed = all.filter((n) => n.id.startsWith(reference));
  return all.find((n) => n.name === reference) ?? (prefixed.length === 1 ? prefixed[0] : undefined);
}

/** At start every network must exist: 404 for the first that does not. */
export function needNetworks(world: World, container: FakeContainer, operation: string): void {
  for (const name of container.networks.keys()) needNetwork(world, name, operation);
}

/** Gives a starting container its addresses. */
export function joinNetworks(world: World, container: FakeContainer): void {
  for (const name of container.networks.keys()) {
    const network = findNetwork(world, name);
    if (network !== undefined) join(world, network, container);
  }
}

export function emitNetworkEvent(world: World, name: string, action: string, container: FakeContainer): void {
  const network = findNetwork(world, name);
  if (network !== undefined) emit(world, network, action, container);
}

function needNetwork(world: World, reference: string, operation: string): FakeNetwork {
  const network = findNetwork(world, reference);
  if (network === undefined) throw refuse(404, operation, `network ${reference} not found`);
  return network;
}

function join(world: World, network: FakeNetwork, container: FakeContainer): void {
  const before = container.networks.get(network.name) ?? {};
  const wanted = before.IPAMConfig?.IPv4Address ?? "";
  const address = wanted === "" ? `${network.prefix}.${network.nextHost++}` : wanted;
  const userDefined = !["bridge", "host", "none"].includes(network.name);
  const shortId = container.id.slice(0, 12);
  const aliases = userDefined ? [...new Set([...(before.Aliases ?? []), shortId])] : (before.Aliases ?? null);
  container.networks.set(network.name, {
    ...before,
    Aliases: aliases,
    NetworkID: network.id,
    EndpointID: world.newId("endpoint"),
    Gateway: `${network.prefix}.1`,
    IPAddress: network.name === "host" || network.name === "none" ? "" : address,
    MacAddress: before.MacAddress ?? macOf(address),
  });
  emit(world, network, "connect", container);
}

function macOf(address: string): string {
  const bytes = address.split(".").map((part) => Number(part).toString(16).padStart(2, "0"));
  return ["02", "42", ...bytes].join(":");
}

function emit(world: World, network: FakeNetwork, action: string, container?: FakeContainer): void {
  world.events.emit("network", action, network.id, {
    ...(container === undefined ? {} : { container: container.id }),
    name: network.name,
    type: network.body.Driver ?? "bridge",
  });
}

function members(world: World, network: FakeNetwork): FakeContainer[] {
  return [...world.containers.values()].filter((c) => isUp(c) && c.networks.has(network.name));
}

function matches(network: FakeNetwork, filters: Filters): boolean {
  return Object.entries(filters).every(([key, values]) => {
    if (values.length === 0) return true;
    switch (key) {
      case "label":
        return values.every((value) => matchesLabel(network.body.Labels, value));
      case "name":
        return values.some((value) => network.name.includes(value));
      case "id":
        return values.some((value) => network.id.startsWith(value));
      default:
        return true;
    }
  });
}

function view(world: World, network: FakeNetwork, withMembers: boolean): NetworkResource {
  const { body } = network;
  return structuredClone<NetworkResource>({
    Id: network.id,
    Name: network.name,
    Driver: body.Driver ?? "bridge",
    Scope: "local",
    Internal: body.Internal ?? false,
    Attachable: body.Attachable ?? false,
    EnableIPv6: body.EnableIPv6 ?? false,
    Labels: body.Labels ?? {},
    Options: body.Options ?? {},
    IPAM: {
      Driver: body.IPAM?.Driver ?? "default",
      Options: body.IPAM?.Options ?? null,
      Config: body.IPAM?.Config ?? [{ Subnet: `${network.prefix}.0/16`, Gateway: `${network.prefix}.1` }],
    },
    ...(withMembers
      ? { Containers: Object.fromEntries(members(world, network).map((c) => [c.id, { Name: c.name }])) }
      : {}),
  });
}
