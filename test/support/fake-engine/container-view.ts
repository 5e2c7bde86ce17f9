/** Fake containers as the engine's JSON: inspect and list. */
import type {
  ContainerInspect,
  ContainerSummary,
  EndpointSettings,
  Filters,
} from "../../../engine/docker/types.ts";
import { matchesLabel } from "./events.ts";
import { findNetwork } from "./networks.ts";
import type { FakeContainer } from "./records.ts";
import { isUp, needContainer, type World } from "./world.ts";

const NEVER = "0001-01-01T00:00:00Z";

export function inspectContainer(world: World, reference: string): ContainerInspect {
  const container = needContainer(world, reference, `GET /containers/${reference}/json`);
  return structuredClone<ContainerInspect>({
    Id: container.id,
    Name: `/${container.name}`,
    Created: container.createdAt.toISOString(),
    Image: container.imageId,
    RestartCount: container.restartCount,
    Platform: "linux",
    State: {
      Status: container.status,
      Running: isUp(container) || container.status === "restarting",
      Paused: container.status === "paused",
      Restarting: container.status === "restarting",
      OOMKilled: false,
      Dead: container.status === "dead",
      Pid: isUp(container) ? 1000 + container.run : 0,
      ExitCode: container.exitCode,
      Error: container.error,
      StartedAt: container.startedAt?.toISOString() ?? NEVER,
      FinishedAt: container.finishedAt?.toISOString() ?? NEVER,
      ...(container.health === undefined ? {} : { Health: container.health }),
    },
    Config: container.config,
    HostConfig: container.body.HostConfig,
    NetworkSettings: { Networks: networksView(world, container), Ports: container.ports },
    Mounts: container.mounts,
  });
}

export function listContainers(
  world: World,
  options: { readonly filters?: Filters; readonly all?: boolean },
): ContainerSummary[] {
  return [...world.containers.values()]
    .filter((c) => options.all !== false || isUp(c) || c.status === "restarting")
    .filter((c) => matchesContainer(world, c, options.filters ?? {}))
    .reverse()
    .map((c) => structuredClone(summary(world, c)));
}

/** The engine's English status text. */
export function statusText(container: FakeContainer): string {
  switch (container.status) {
    case "created":
      return "Created";
    case "running":
      return container.health === undefined ? "Up 1 second" : `Up 1 second (${healthText(container)})`;
    case "paused":
      return "Up 1 second (Paused)";
    case "restarting":
      return `Restarting (${container.exitCode}) 1 second ago`;
    case "removing":
      return "Removal In Progress";
    case "exited":
      return `Exited (${container.exitCode}) 1 second ago`;
    case "dead":
      return "Dead";
    default:
      return container.status satisfies never;
  }
}

function healthText(container: FakeContainer): string {
  const status = container.health?.Status ?? "none";
  return status === "starting" ? "health: starting" : status;
}

function summary(world: World, container: FakeContainer): ContainerSummary {
  const { Entrypoint, Cmd } = container.config;
  return {
    Id: container.id,
    Names: [`/${container.name}`],
    Image: container.body.Image,
    ImageID: container.imageId,
    Command: [...(Entrypoint ?? []), ...(Cmd ?? [])].join(" "),
    Created: Math.floor(container.createdAt.getTime() / 1000),
    State: container.status,
    Status: statusText(container),
    Labels: container.config.Labels ?? {},
    Ports: isUp(container) ? portsView(container) : [],
    HostConfig: { NetworkMode: container.body.HostConfig.NetworkMode ?? "default" },
    NetworkSettings: { Networks: networksView(world, container) },
    Mounts: container.mounts,
  };
}

function portsView(container: FakeContainer): ContainerSummary["Ports"] {
  return Object.entries(container.ports).flatMap(([key, bindings]) => {
    const [port = "", type = "tcp"] = key.split("/");
    const inside = { PrivatePort: Number(port), Type: type };
    if (bindings === null) return [inside];
    return bindings.map((b) => ({ ...inside, IP: b.HostIp ?? "0.0.0.0", PublicPort: Number(b.HostPort) }));
  });
}

function networksView(world: World, container: FakeContainer): Record<string, EndpointSettings> {
  const view: Record<string, EndpointSettings> = {};
  for (const [name, endpoint] of container.networks) {
    const id = findNetwork(world, name)?.id;
    view[name] = { NetworkID: isUp(container) ? (id ?? "") : "", ...endpoint };
  }
  return view;
}

function matchesContainer(world: World, container: FakeContainer, filters: Filters): boolean {
  return Object.entries(filters).every(([key, values]) => {
    if (values.length === 0) return true;
    switch (key) {
      case "label":
        return values.every((value) => matchesLabel(container.config.Labels, value));
      case "name":
        return values.some((value) => new RegExp(value).test(`/${container.name}`));
      case "id":
        return values.some((value) => container.id.startsWith(value));
      case "status":
        return values.includes(container.status);
      case "health":
        return values.includes(container.health?.Status ?? "none");
      case "network":
        return values.some((v) =>
          [...container.networks.keys()].some((name) => name === v || findNetwork(world, name)?.id === v),
        );
      case "volume":
        return values.some((v) => container.mounts.some((m) => m.Name === v || m.Destination === v));
      default:
        return true;
    }
  });
}
