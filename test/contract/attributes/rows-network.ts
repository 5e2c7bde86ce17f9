/** Names, addresses, ports, and the networks themselves. */
import type { Row } from "./row.ts";

export const networkRows: readonly Row[] = [
  {
    name: "hostname, domainname",
    service: { hostname: "web", domainname: "example.test" },
    container: { Config: { Hostname: "web", Domainname: "example.test" } },
    feature: "domain-name",
    attribute: "domainname",
    otherwise: { Config: { Hostname: "web" } },
  },
  {
    name: "dns",
    service: { dns: ["192.0.2.1"], dns_opt: ["use-vc"], dns_search: "example.test" },
    container: { HostConfig: { Dns: ["192.0.2.1"], DnsOptions: ["use-vc"], DnsSearch: ["example.test"] } },
  },
  {
    name: "extra_hosts",
    service: { extra_hosts: ["a=192.0.2.1", "b:192.0.2.2", "c=[2001:db8::1]"] },
    container: { HostConfig: { ExtraHosts: ["a:192.0.2.1", "b:192.0.2.2", "c:2001:db8::1"] } },
  },
  {
    name: "expose",
    service: { expose: ["3000", "4000-4001/udp"] },
    container: { Config: { ExposedPorts: { "3000/tcp": {}, "4000/udp": {}, "4001/udp": {} } } },
  },
  {
    name: "ports",
    service: { ports: ["127.0.0.1::80", "81"] },
    container: {
      Config: { ExposedPorts: { "80/tcp": {} } },
      HostConfig: {
        PortBindings: { "80/tcp": [{ HostIp: "127.0.0.1", HostPort: "" }], "81/tcp": [{ HostPort: "" }] },
      },
    },
  },
  {
    name: "ports in the long form",
    service: {
      ports: [
        {
          name: "web",
          target: 90,
          published: "19090-19099",
          host_ip: "127.0.0.1",
          protocol: "udp",
          mode: "host",
          app_protocol: "http",
        },
      ],
    },
    container: {
      HostConfig: { PortBindings: { "90/udp": [{ HostIp: "127.0.0.1", HostPort: "19090-19099" }] } },
    },
    feature: "port-ranges",
    attribute: "ports: 19090-19099",
  },
  {
    name: "network_mode: none",
    service: { network_mode: "none" },
    container: { HostConfig: { NetworkMode: "none" } },
  },
  {
    name: "network_mode: host",
    service: { network_mode: "host" },
    container: { HostConfig: { NetworkMode: "host" } },
  },
  {
    name: "network_mode of a service",
    service: { network_mode: "service:plain" },
    container: { HostConfig: { NetworkMode: "container:ID:plain" } },
  },
  { name: "plain", service: {}, container: { HostConfig: { NetworkMode: "PROJECT_default" } } },
  {
    name: "links",
    service: { links: ["plain:other"] },
    container: {
      NetworkSettings: {
        Networks: {
          PROJECT_default: {
            Links: ["PROJECT-plain-1:other", "PROJECT-plain-1:plain-1", "PROJECT-plain-1:PROJECT-plain-1"],
          },
        },
      },
    },
    feature: "links",
    attribute: "links: plain:other",
  },
  {
    name: "external_links",
    service: { external_links: ["PROJECT-plain-1:outside"], depends_on: ["plain"] },
    container: { HostConfig: {} },
    feature: "links",
    attribute: "external_links",
  },
  {
    name: "mac_address",
    service: { mac_address: "02:42:ac:11:65:43" },
    container: { NetworkSettings: { Networks: { PROJECT_default: { MacAddress: "02:42:ac:11:65:43" } } } },
    feature: "endpoint-mac-address",
    otherwise: { Config: { MacAddress: "02:42:ac:11:65:43" } },
  },
  {
    name: "endpoint settings",
    service: {
      networks: {
        ranged: {
          aliases: ["zed"],
          ipv4_address: "10.213.77.20",
          ipv6_address: "fd00:213:77::20",
          link_local_ips: ["169.254.77.1"],
          driver_opts: { "my.option": "x" },
        },
      },
    },
    top: {
      networks: {
        ranged: {
          driver: "bridge",
          driver_opts: { "com.docker.network.bridge.enable_icc": "false" },
          enable_ipv6: true,
          ipam: {
            driver: "default",
            config: [
              {
                subnet: "10.213.77.0/24",
                ip_range: "10.213.77.128/25",
                gateway: "10.213.77.2",
                aux_addresses: { router: "10.213.77.3" },
              },
              { subnet: "fd00:213:77::/64" },
            ],
            options: { "my.ipam": "y" },
          },
          labels: { "my.label": "n" },
        },
      },
    },
    ignoredByPodman: ["networks.ranged.driver_opts", "networks.ranged.link_local_ips"],
    container: {
      NetworkSettings: {
        Networks: {
          PROJECT_ranged: {
            Aliases: ["PROJECT-endpoint-settings-1", "endpoint-settings", "zed"],
            IPAMConfig: {
              IPv4Address: "10.213.77.20",
              IPv6Address: "fd00:213:77::20",
              LinkLocalIPs: ["169.254.77.1"],
            },
            DriverOpts: { "my.option": "x" },
          },
        },
      },
    },
    network: {
      ranged: {
        Driver: "bridge",
        EnableIPv6: true,
        Options: { "com.docker.network.bridge.enable_icc": "false" },
        Labels: { "my.label": "n", "com.docker.compose.network": "ranged" },
        IPAM: {
          Driver: "default",
          Options: { "my.ipam": "y" },
          Config: [
            {
              Subnet: "10.213.77.0/24",
              IPRange: "10.213.77.128/25",
              Gateway: "10.213.77.2",
              AuxiliaryAddresses: { router: "10.213.77.3" },
            },
            { Subnet: "fd00:213:77::/64" },
          ],
        },
      },
    },
  },
  {
    name: "several networks",
    service: {
      networks: { default: { priority: 1 }, inside: { priority: 10, mac_address: "02:42:ac:11:65:44" } },
    },
    top: { networks: { inside: { internal: true, attachable: true, name: "PROJECT_other_name" } } },
    container: {
      HostConfig: { NetworkMode: "PROJECT_other_name" },
      NetworkSettings: { Networks: { PROJECT_default: {}, PROJECT_other_name: {} } },
    },
    network: { inside: { Name: "PROJECT_other_name", Internal: true, Attachable: true } },
  },
  {
    name: "interface_name",
    service: { networks: { default: { interface_name: "front0" } } },
    container: {
      NetworkSettings: {
        Networks: { PROJECT_default: { DriverOpts: { "com.docker.network.endpoint.ifname": "front0" } } },
      },
    },
    feature: "interface-name",
    attribute: "interface_name",
  },
  {
    name: "gw_priority",
    service: { networks: { default: { gw_priority: 5 } } },
    container: { NetworkSettings: { Networks: { PROJECT_default: { GwPriority: 5 } } } },
    feature: "gateway-priority",
    attribute: "networks.default.gw_priority",
    otherwise: { HostConfig: { NetworkMode: "PROJECT_default" } },
  },
  {
    name: "enable_ipv4",
    service: { networks: ["six"] },
    top: {
      networks: {
        six: { enable_ipv4: false, enable_ipv6: true, ipam: { config: [{ subnet: "fd00:213:78::/64" }] } },
      },
    },
    network: { six: { EnableIPv4: false, EnableIPv6: true } },
    feature: "ipv4-switch",
    attribute: "networks.six.enable_ipv4: false",
  },
];
