/** Published ports as text and as data. Pure. */
import type { ContainerSummary } from "../../engine/docker/types.ts";

export interface Publisher {
  readonly URL: string;
  readonly TargetPort: number;
  readonly PublishedPort: number;
  readonly Protocol: string;
}

type EnginePort = ContainerSummary["Ports"][number];

interface PortRun {
  readonly ip: string;
  readonly type: string;
  readonly firstPublic: number | undefined;
  readonly firstPrivate: number;
  length: number;
}

export function publishersOf(ports: readonly EnginePort[]): Publisher[] {
  return [...ports].sort(comparePorts).map((port) => ({
    URL: port.IP ?? "",
    TargetPort: port.PrivatePort,
    PublishedPort: port.PublicPort ?? 0,
    Protocol: port.Type,
  }));
}

/** `0.0.0.0:8080->80/tcp, 9000-9002/tcp`: runs of neighbours are joined. */
export function displayPorts(ports: readonly EnginePort[]): string {
  const runs: PortRun[] = [];
  // The same port on several addresses comes in between: each address has a run of its own.
  const open = new Map<string, PortRun>();
  for (const port of [...ports].sort(comparePorts)) {
    const key = `${port.IP ?? ""}/${port.Type}`;
    const last = open.get(key);
    if (last !== undefined && continues(last, port)) last.length += 1;
    else {
      const run = {
        ip: port.IP ?? "",
        type: port.Type,
        firstPublic: port.PublicPort,
        firstPrivate: port.PrivatePort,
        length: 1,
      };
      open.set(key, run);
      runs.push(run);
    }
  }
  return runs.map(showRun).join(", ");
}

function continues(run: PortRun, port: EnginePort): boolean {
  return (
    run.ip === (port.IP ?? "") &&
    run.type === port.Type &&
    port.PrivatePort === run.firstPrivate + run.length &&
    (run.firstPublic === undefined
      ? port.PublicPort === undefined
      : port.PublicPort === run.firstPublic + run.length)
  );
}

function showRun(run: PortRun): string {
  const target = `${range(run.firstPrivate, run.length)}/${run.type}`;
  if (run.firstPublic === undefined) return target;
  const address = run.ip.includes(":") ? `[${run.ip}]` : run.ip;
  return `${address}:${range(run.firstPublic, run.length)}->${target}`;
}

function range(first: number, length: number): string {
  return length === 1 ? String(first) : `${first}-${first + length - 1}`;
}

function comparePorts(a: EnginePort, b: EnginePort): number {
  return (
    a.PrivatePort - b.PrivatePort ||
    compareText(a.IP ?? "", b.IP ?? "") ||
    (a.PublicPort ?? 0) - (b.PublicPort ?? 0) ||
    compareText(a.Type, b.Type)
  );
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
