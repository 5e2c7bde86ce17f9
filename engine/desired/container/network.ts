/** Name resolution, network mode and endpoints. */
import type { ServiceNetwork } from "../../../schema/model.ts";
import { compact, nonEmpty } from "../../compact.ts";
import type { ContainerConfig, EndpointSettings, HostConfig } from "../../docker/types.ts";
import type { PeerContainers } from "../model.ts";
import { nameOf, resolveNamespace, type ServiceContext } from "./context.ts";

const INTERFACE_NAME_OPTION = "com.docker.network.endpoint.ifname";

export interface NetworkParts {
  readonly config: ContainerConfig;
  readonly host: HostConfig;
  /** Endpoints that creation takes, by network name. */
  readonly endpoints: Readonly<Record<string, EndpointSettings>>;
  /** Those it does not take with this API version. */
  readonly connect: readonly { readonly network: string; readonly endpoint: EndpointSettings }[];
}

export function mapNetwork(
  context: ServiceContext,
  number: number,
  peers: PeerContainers | undefined,
): NetworkParts {
  const { service, check, name } = context;
  if ((service.external_links ?? []).length > 0) check.takes("links", name, "external_links");
  const host: HostConfig = compact({
    Dns: service.dns,
    DnsOptions: service.dns_opt,
    DnsSearch: service.dns_search,
    ExtraHosts: service.extra_hosts?.map(toExtraHost),
    Links: nonEmpty(service.external_links),
  });
  if (service.network_mode !== undefined) {
    const mode = resolveNamespace(context, service.network_mode, peers) ?? service.network_mode;
    return {
      config: mode === "disabled" ? { NetworkDisabled: true } : {},
      host: { ...host, NetworkMode: mode === "disabled" ? "none" : mode },
      endpoints: {},
      connect: [],
    };
  }
  return mapEndpoints(context, number, host);
}

function mapEndpoints(context: ServiceContext, number: number, host: HostConfig): NetworkParts {
  const endpoints = endpointsOf(context, number);
  const [primary, ...others] = endpoints;
  if (primary === undefined) {
    return { config: {}, host: { ...host, NetworkMode: "none" }, endpoints: {}, connect: [] };
  }
  const atCreation = context.check.has("multi-endpoint-create") ? endpoints : [primary];
  const mac = primary.settings?.mac_address ?? context.service.mac_address;
  return {
    // Before endpoints had a hardware address, the container had one.
    config: mac !== undefined && !context.check.has("endpoint-mac-address") ? { MacAddress: mac } : {},
    host: { ...host, NetworkMode: primary.network },
    endpoints: Object.fromEntries(atCreation.map(({ network, endpoint }) => [network, endpoint])),
    connect: others
      .filter(() => !context.check.has("multi-endpoint-create"))
      .map(({ network, endpoint }) => ({ network, endpoint })),
  };
}

interface NamedEndpoint {
  readonly network: string;
  readonly endpoint: EndpointSettings;
  readonly settings: ServiceNetwork | null;
}

/** Highest priority first, then by name: the first one is the container's primary network. */
export function endpointsOf(context: ServiceContext, number: number): NamedEndpoint[] {
  const entries = Object.entries(context.service.networks ?? {}).toSorted(
    ([a, one], [b, other]) => (other?.priority ?? 0) - (one?.priority ?? 0) || (a < b ? -1 : 1),
  );
  const primaryMac = context.service.mac_address;
  return entries.map(([key, settings], index) => {
    const inherited = index === 0 && primaryMac !== undefined ? { mac_address: primaryMac } : {};
    const effective: ServiceNetwork = { ...inherited, ...settings };
    const network = context.stack.networks[key]?.name ?? key;
    return { network, settings, endpoint: toEndpoint(context, key, effective, number, index === 0) };
  });
}

function toEndpoint(
  context: ServiceContext,
  key: string,
  settings: ServiceNetwork,
  number: number,
  isPrimary: boolean,
): EndpointSettings {
  const { check, name, stack } = context;
  if (settings.interface_name !== undefined) {
    check.takes("interface-name", name, `networks.${key}.interface_name`);
  }
  const canPrioritise =
    settings.gw_priority !== undefined &&
    check.takes("gateway-priority", name, `networks.${key}.gw_priority`);
  const canMac = check.has("endpoint-mac-address");
  if (settings.mac_address !== undefined && !canMac && !isPrimary) {
    check.need(
      "endpoint-mac-address",
      `services.${name}.networks.${key}.mac_address (not the primary network)`,
    );
  }
  const takes = (attribute: "driver_opts" | "link_local_ips"): boolean =>
    settings[attribute] !== undefined &&
    check.takes("endpoint-options", name, `networks.${key}.${attribute}`);
  const options = {
    ...(takes("driver_opts") ? settings.driver_opts : {}),
    ...(settings.interface_name === undefined ? {} : { [INTERFACE_NAME_OPTION]: settings.interface_name }),
  };
  const ipam = compact({
    IPv4Address: settings.ipv4_address,
    IPv6Address: settings.ipv6_address,
    LinkLocalIPs: takes("link_local_ips") ? settings.link_local_ips : undefined,
  });
  return compact({
    Aliases: [...new Set([nameOf(stack, name, number), name, ...(settings.aliases ?? [])])],
    Links: nonEmpty(mapLinks(context)),
    IPAMConfig: nonEmpty(ipam),
    DriverOpts: nonEmpty(options),
    MacAddress: canMac ? settings.mac_address : undefined,
    GwPriority: canPrioritise ? settings.gw_priority : undefined,
  });
}

/** Each linked container gets the alias, the numbered service name and its own name. */
function mapLinks({ service, stack, scale, check, name }: ServiceContext): string[] {
  if (!check.has("links")) {
    // The network knows services by their own names.
    const renamed = (service.links ?? []).filter((link) => link.includes(":") && !/^(.+):\1$/.test(link));
    for (const link of renamed) check.takes("links", name, `links: ${link}`);
    return [];
  }
  return (service.links ?? []).flatMap((link) => {
    const [target = "", alias = target] = link.split(":");
    const replicas = Math.max(1, scale[target] ?? 1);
    return Array.from({ length: replicas }, (_, index) => nameOf(stack, target, index + 1)).flatMap(
      (container, index) => [
        `${container}:${alias}`,
        `${container}:${target}${stack.nameSeparator}${index + 1}`,
        `${container}:${container}`,
      ],
    );
  });
}

/** The engine wants `host:address`; the format also writes `host=address`, and brackets round IPv6. */
function toExtraHost(text: string): string {
  const match = /^([^=:]+)[=:](.*)$/.exec(text);
  if (match === null) return text;
  return `${match[1] ?? ""}:${(match[2] ?? "").replace(/^\[(.*)\]$/, "$1")}`;
}
