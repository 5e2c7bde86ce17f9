/** Host ports that cannot be had twice. */
import type { Port, StackPath } from "../model.ts";
import { serviceEntries, type CheckInput, type Finding } from "./report.ts";

interface Claim {
  readonly service: string;
  readonly path: StackPath;
  readonly address: string;
}

/** Warnings: the files are legal, but the engine will refuse the second container. */
export function* checkPorts(input: CheckInput): Generator<Finding> {
  const claims = new Map<string, Claim[]>();
  for (const [name, service] of serviceEntries(input)) {
    const count = service.scale ?? service.deploy?.replicas ?? 1;
    for (const [index, port] of (service.ports ?? []).entries()) {
      const number = port.published ?? "";
      if (!/^[1-9]\d*$/.test(number)) continue;
      const path = ["services", name, "ports", index, "published"];
      if (count > 1) yield oneForMany(name, number, count, path);
      const clash = claim(claims, port, number, { service: name, path, address: port.host_ip ?? "" });
      if (clash !== undefined) yield taken(name, number, path, clash);
    }
  }
}

function claim(claims: Map<string, Claim[]>, port: Port, number: string, mine: Claim): Claim | undefined {
  const key = `${number}/${port.protocol ?? "tcp"}`;
  const others = claims.get(key) ?? [];
  claims.set(key, others);
  const clash = others.find((other) => overlaps(other.address, mine.address));
  if (clash === undefined) others.push(mine);
  return clash;
}

function overlaps(a: string, b: string): boolean {
  const wide = (address: string): boolean => address === "" || address === "0.0.0.0" || address === "::";
  return a === b || wide(a) || wide(b);
}

function taken(name: string, number: string, path: StackPath, clash: Claim): Finding {
  const whose =
    clash.service === name
      ? `service "${name}" publishes`
      : `services "${clash.service}" and "${name}" both publish`;
  return {
    severity: "warning",
    code: "port-conflict",
    message: `${whose} host port ${number}${clash.service === name ? " twice" : ""}`,
    path,
    hint: "give one of them another host port",
    related: [{ message: "first published here", path: clash.path }],
  };
}

function oneForMany(name: string, number: string, count: number, path: StackPath): Finding {
  return {
    severity: "warning",
    code: "port-conflict",
    message: `service "${name}" runs ${count} containers, which cannot all publish host port ${number}`,
    path,
    hint: `publish a range of ${count} ports, or leave the host port out`,
  };
}
