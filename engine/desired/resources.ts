/** Top-level networks and volumes as requests, labelled as the peer labels them. */
import type { Network, Stack, Volume } from "../../schema/model.ts";
import { compact, nonEmpty } from "../compact.ts";
import type { IpamConfig, NetworkCreateBody } from "../docker/types.ts";
import { lazy } from "../lazy.ts";
import { label, PEER_VERSION, SPEC_VERSION } from "../labels.ts";
import type { CapabilityCheck } from "./capability.ts";
import { networkHash, volumeHash } from "./config-hash.ts";
import type { DesiredNetwork, DesiredVolume, Specification } from "./model.ts";
import { specificationText } from "./specification-text.ts";
import { networkSpecification, volumeSpecification } from "./specification.ts";

export function toDesiredNetwork(
  stack: Stack,
  key: string,
  network: Network,
  check: CapabilityCheck,
): DesiredNetwork {
  const specification = networkSpecification(network);
  if (network.enable_ipv4 === false) check.need("ipv4-switch", `networks.${key}.enable_ipv4: false`);
  const labels = lazy(() => ({
    ...network.labels,
    ...ownLabels(stack, label.network, key, networkHash(network), specification),
  }));
  return {
    key,
    name: network.name,
    external: network.external === true,
    specification,
    body: networkBody(network, labels, check),
  };
}

function networkBody(
  network: Network,
  labels: () => Record<string, string>,
  check: CapabilityCheck,
): NetworkCreateBody {
  const takes = (attribute: string): boolean =>
    check.takesOnNetwork("address-reservations", network.name, attribute);
  const pools = network.ipam?.config?.map((pool): IpamConfig =>
    compact({
      Subnet: pool.subnet,
      IPRange: pool.ip_range,
      Gateway: pool.gateway,
      AuxiliaryAddresses:
        pool.aux_addresses !== undefined && takes("ipam.config.aux_addresses")
          ? pool.aux_addresses
          : undefined,
    }),
  );
  const options = nonEmpty(network.ipam?.options);
  const ipam = compact({
    Driver: network.ipam?.driver,
    Config: nonEmpty(pools),
    Options: options !== undefined && takes("ipam.options") ? options : undefined,
  });
  return {
    Name: network.name,
    ...compact({
      Driver: network.driver,
      Options: network.driver_opts,
      IPAM: nonEmpty(ipam),
      Internal: network.internal,
      Attachable: network.attachable,
      EnableIPv4: check.has("ipv4-switch") ? network.enable_ipv4 : undefined,
      EnableIPv6: network.enable_ipv6,
    }),
    get Labels() {
      return labels();
    },
  };
}

export function toDesiredVolume(stack: Stack, key: string, volume: Volume): DesiredVolume {
  const specification = volumeSpecification(volume);
  const labels = lazy(() => ({
    ...volume.labels,
    ...ownLabels(stack, label.volume, key, volumeHash(volume), specification),
  }));
  return {
    key,
    name: volume.name,
    external: volume.external === true,
    specification,
    body: {
      Name: volume.name,
      ...compact({ Driver: volume.driver, DriverOpts: volume.driver_opts }),
      get Labels() {
        return labels();
      },
    },
  };
}

function ownLabels(
  stack: Stack,
  kind: string,
  key: string,
  hash: string,
  specification: Specification,
): Record<string, string> {
  return {
    [label.project]: stack.name,
    [kind]: key,
    [label.version]: PEER_VERSION,
    [label.configHash]: hash,
    [label.spec]: specificationText(specification),
    [label.specVersion]: SPEC_VERSION,
  };
}
