/** The short form of a port: `[[ip:]published:]target[/protocol]`, ranges expanded. */
import { isIP } from "node:net";

export interface PortSpec {
  readonly hostIp: string;
  readonly target: number;
  /** Host port, or a range to choose from, or empty. */
  readonly published: string;
  readonly protocol: string;
}

export type PortSpecResult =
  | { readonly ok: true; readonly ports: readonly PortSpec[] }
  | { readonly ok: false; readonly reason: string };

const PROTOCOLS = new Set(["tcp", "udp", "sctp"]);

export function parsePortSpec(spec: string): PortSpecResult {
  const parts = spec.split(":");
  const last = parts.at(-1) ?? "";
  const hostPort = parts.length > 1 ? (parts.at(-2) ?? "") : "";
  const address = parts.length > 2 ? parts.slice(0, -2).join(":") : "";
  const [portText = "", protocolText = ""] = last.split("/");
  const protocol = portText === "" ? "" : protocolText === "" ? "tcp" : protocolText.toLowerCase();

  const hostIp = readAddress(address);
  if (hostIp === undefined) return { ok: false, reason: `"${address}" is not an IP address` };
  if (portText === "") return { ok: false, reason: "it names no container port" };
  const target = readRange(portText);
  if (!target) return { ok: false, reason: `"${portText}" is not a container port or range (1-65535)` };
  if (target.start === 0) return { ok: false, reason: "a container port cannot be 0" };
  const host = hostPort === "" ? undefined : readRange(hostPort);
  if (hostPort !== "" && !host)
    return { ok: false, reason: `"${hostPort}" is not a host port or range (0-65535)` };
  const count = target.end - target.start;
  if (host && host.end - host.start !== count && count !== 0) {
    return { ok: false, reason: `the ranges ${hostPort} and ${portText} differ in length` };
  }
  if (!PROTOCOLS.has(protocol))
    return { ok: false, reason: `"${protocolText}" is not a protocol (tcp, udp or sctp)` };
  return { ok: true, ports: expand(hostIp, host, target, protocol) };
}

interface PortRange {
  readonly start: number;
  readonly end: number;
}

function expand(
  hostIp: string,
  host: PortRange | undefined,
  target: PortRange,
  protocol: string,
): PortSpec[] {
  const ports: PortSpec[] = [];
  for (let i = 0; i <= target.end - target.start; i += 1) {
    let published = host ? String(host.start + i) : "";
    if (host && target.start === target.end && host.start !== host.end)
      published = `${published}-${host.end}`;
    ports.push({ hostIp, target: target.start + i, published, protocol });
  }
  // The peer orders a range by the text of its ports, and recreates what is in another order.
  return ports.sort((a, b) => compareText(String(a.target), String(b.target)));
}

function compareText(a: string, b: string): number {
  const left = `${a}/`;
  const right = `${b}/`;
  return left < right ? -1 : left > right ? 1 : 0;
}

function readAddress(address: string): string | undefined {
  if (address === "") return "";
  const bracketed = /^\[(.*)\]$/.exec(address);
  const bare = bracketed?.[1] ?? address;
  if (!bracketed && bare.includes(":")) return undefined;
  return isIP(bare.split("%")[0] ?? "") === 0 || bare.includes("%") ? undefined : bare;
}

function readRange(text: string): PortRange | undefined {
  const [first = "", second] = text.split("-");
  const start = readPort(first);
  const end = second === undefined ? start : readPort(second);
  return start === undefined || end === undefined || end < start ? undefined : { start, end };
}

function readPort(text: string): number | undefined {
  if (!/^[0-9]+$/.test(text)) return undefined;
  const port = Number(text);
  return port <= 65535 ? port : undefined;
}
