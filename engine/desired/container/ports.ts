/** Exposed and published ports. */
import type { ContainerConfig, HostConfig, PortBinding } from "../../docker/types.ts";
import type { ServiceContext } from "./context.ts";

export function mapExposed({ service }: ServiceContext): ContainerConfig {
  const exposed: Record<string, Record<string, never>> = {};
  for (const text of service.expose ?? []) {
    for (const port of expandExpose(text)) exposed[port] = {};
  }
  for (const port of service.ports ?? []) exposed[`${port.target}/${port.protocol ?? "tcp"}`] = {};
  return Object.keys(exposed).length === 0 ? {} : { ExposedPorts: exposed };
}

export function mapPublished({ service, check, name }: ServiceContext): HostConfig {
  const bindings: Record<string, PortBinding[]> = {};
  for (const port of service.ports ?? []) {
    const key = `${port.target}/${port.protocol ?? "tcp"}`;
    if (port.published?.includes("-") === true) check.takes("port-ranges", name, `ports: ${port.published}`);
    const binding = {
      ...(port.host_ip === undefined ? {} : { HostIp: port.host_ip }),
      HostPort: port.published ?? "",
    };
    bindings[key] = [...(bindings[key] ?? []), binding];
  }
  return Object.keys(bindings).length === 0 ? {} : { PortBindings: bindings };
}

/** "8000-8002/udp" names three ports. */
function expandExpose(text: string): string[] {
  const [range = "", protocol = "tcp"] = text.split("/");
  const [first = 0, last = first] = range.split("-").map(Number);
  return Array.from({ length: last - first + 1 }, (_, index) => `${first + index}/${protocol}`);
}
