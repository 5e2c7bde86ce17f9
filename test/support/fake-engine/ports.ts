/** Published ports: allocation at start, conflicts as the engine words them. */
import type { PortBinding } from "../../../engine/docker/types.ts";
import type { FakeContainer } from "./records.ts";
import { isUp, refuse, type World } from "./world.ts";

const FIRST_EPHEMERAL = 32768;

/** The bindings of a starting container; 500 when a port is taken. */
export function allocatePorts(
  world: World,
  container: FakeContainer,
  operation: string,
): Record<string, PortBinding[] | null> {
  const taken = portsInUse(world);
  const result: Record<string, PortBinding[] | null> = {};
  for (const key of Object.keys(container.config.ExposedPorts ?? {})) result[key] = null;
  for (const [key, bindings] of Object.entries(container.body.HostConfig.PortBindings ?? {})) {
    const protocol = key.split("/")[1] ?? "tcp";
    result[key] = bindings.map((binding) => {
      const ip = binding.HostIp === undefined || binding.HostIp === "" ? "0.0.0.0" : binding.HostIp;
      const port = choosePort(
        world,
        container,
        { range: binding.HostPort ?? "", ip, protocol, operation },
        taken,
      );
      taken.push({ ip, port, protocol });
      return { HostIp: ip, HostPort: String(port) };
    });
  }
  return result;
}

interface TakenPort {
  readonly ip: string;
  readonly port: number;
  readonly protocol: string;
}

function portsInUse(world: World): TakenPort[] {
  return [...world.containers.values()].filter(isUp).flatMap((c) =>
    Object.entries(c.ports).flatMap(([key, bindings]) =>
      (bindings ?? []).map((b) => ({
        ip: b.HostIp ?? "0.0.0.0",
        port: Number(b.HostPort),
        protocol: key.split("/")[1] ?? "tcp",
      })),
    ),
  );
}

function choosePort(
  world: World,
  container: FakeContainer,
  wanted: {
    readonly range: string;
    readonly ip: string;
    readonly protocol: string;
    readonly operation: string;
  },
  taken: readonly TakenPort[],
): number {
  const { ip, protocol, operation } = wanted;
  const isTaken = (port: number): boolean =>
    taken.some(
      (t) =>
        t.port === port && t.protocol === protocol && (t.ip === ip || t.ip === "0.0.0.0" || ip === "0.0.0.0"),
    );
  const [first = 0, last = first] = wanted.range === "" ? [0] : wanted.range.split("-").map(Number);
  if (first === 0) {
    let port = FIRST_EPHEMERAL;
    while (isTaken(port) || world.foreignPorts.has(port)) port += 1;
    return port;
  }
  for (let port = first; port <= last; port += 1) {
    if (!isTaken(port) && !world.foreignPorts.has(port)) return port;
  }
  const reason = isTaken(first)
    ? `Bind for ${ip}:${first} failed: port is already allocated`
    : `Error starting userland proxy: listen ${protocol}4 ${ip}:${first}: bind: address already in use`;
  const message = `driver failed programming external connectivity on endpoint ${container.name} (${container.id}): ${reason}`;
  throw refuse(500, operation, message);
}
