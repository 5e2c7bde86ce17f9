/** One row an attribute: what is written in the stack, and what the engine is asked for. */
import { describe, expect, it } from "vitest";
import type { ContainerRequest } from "../../../engine/desired/model.ts";
import { NO_CONTENTS } from "../../../engine/desired/contents.ts";
import { toDesiredState } from "../../../engine/desired/desired.ts";
import type { DesiredState } from "../../../engine/desired/model.ts";
import { RefusedError } from "../../../engine/error.ts";
import { stackOf } from "../plan/support.ts";

function desiredOf(
  attributes: string,
  apiVersion = "1.51",
  rest = "",
  flavour: "docker" | "podman" = "docker",
): DesiredState {
  const text = `services:\n  db: { image: busybox }\n  web:\n    image: busybox\n    ${attributes}\n${rest}`;
  const engine = { apiVersion, flavour };
  return toDesiredState(stackOf(text), { engine, contents: NO_CONTENTS });
}

function requestOf(attributes: string, apiVersion?: string, rest?: string): ContainerRequest {
  const web = desiredOf(attributes, apiVersion, rest).services.find(({ name }) => name === "web");
  if (web === undefined) throw new Error("no web");
  return web.request(1);
}

const host: readonly (readonly [string, object])[] = [
  ["cap_add: [NET_ADMIN]", { CapAdd: ["NET_ADMIN"] }],
  ["cap_drop: [ALL]", { CapDrop: ["ALL"] }],
  ["cgroup: private", { CgroupnsMode: "private" }],
  ["cgroup_parent: p", { CgroupParent: "p" }],
  ["cpu_shares: 512", { CpuShares: 512 }],
  ["cpu_quota: 50000", { CpuQuota: 50000 }],
  ["cpu_period: 100000", { CpuPeriod: 100000 }],
  ["cpuset: 0-1", { CpusetCpus: "0-1" }],
  ["cpus: 0.5", { NanoCpus: 500_000_000 }],
  [
    "deploy: { resources: { limits: { cpus: '0.25', memory: 64m, pids: 5 } } }",
    { NanoCpus: 250_000_000, Memory: 67_108_864, PidsLimit: 5 },
  ],
  [
    "deploy: { restart_policy: { condition: on-failure, max_attempts: 3 } }",
    { RestartPolicy: { Name: "on-failure", MaximumRetryCount: 3 } },
  ],
  [
    "blkio_config: { weight: 300, device_read_bps: [{ path: /dev/sda, rate: 1mb }] }",
    { BlkioWeight: 300, BlkioDeviceReadBps: [{ Path: "/dev/sda", Rate: 1_048_576 }] },
  ],
  ["device_cgroup_rules: ['c 1:3 mr']", { DeviceCgroupRules: ["c 1:3 mr"] }],
  [
    "devices: ['/dev/null:/dev/x']",
    { Devices: [{ PathOnHost: "/dev/null", PathInContainer: "/dev/x", CgroupPermissions: "rwm" }] },
  ],
  [
    "devices: ['vendor.com/gpu=all']",
    { DeviceRequests: [{ Driver: "cdi", DeviceIDs: ["vendor.com/gpu=all"] }] },
  ],
  ["gpus: all", { DeviceRequests: [{ Count: -1, Capabilities: [["gpu"]] }] }],
  ["dns: 1.1.1.1", { Dns: ["1.1.1.1"] }],
  ["dns_opt: [use-vc]", { DnsOptions: ["use-vc"] }],
  ["dns_search: a.b", { DnsSearch: ["a.b"] }],
  ["extra_hosts: ['h=1.2.3.4', 'v6=[::1]']", { ExtraHosts: ["h:1.2.3.4", "v6:::1"] }],
  ["external_links: [other]", { Links: ["other"] }],
  ["group_add: [7]", { GroupAdd: ["7"] }],
  ["init: true", { Init: true }],
  ["ipc: host", { IpcMode: "host" }],
  ["ipc: service:db", { IpcMode: "container:app-db-1" }],
  ["isolation: default", { Isolation: "default" }],
  [
    "logging: { driver: local, options: { max-size: 1m } }",
    { LogConfig: { Type: "local", Config: { "max-size": "1m" } } },
  ],
  ["mem_limit: 1g", { Memory: 1_073_741_824 }],
  ["mem_reservation: 1m", { MemoryReservation: 1_048_576 }],
  ["memswap_limit: -1", { MemorySwap: -1 }],
  ["mem_swappiness: 10", { MemorySwappiness: 10 }],
  ["network_mode: host", { NetworkMode: "host" }],
  ["network_mode: service:db", { NetworkMode: "container:app-db-1" }],
  ["oom_kill_disable: true", { OomKillDisable: true }],
  ["oom_score_adj: 100", { OomScoreAdj: 100 }],
  ["pid: host", { PidMode: "host" }],
  ["pids_limit: 10", { PidsLimit: 10 }],
  ["privileged: true", { Privileged: true }],
  ["read_only: true", { ReadonlyRootfs: true }],
  ["restart: on-failure:2", { RestartPolicy: { Name: "on-failure", MaximumRetryCount: 2 } }],
  ["runtime: runc", { Runtime: "runc" }],
  [
    "security_opt: [no-new-privileges, 'systempaths=unconfined']",
    { SecurityOpt: ["no-new-privileges"], MaskedPaths: [], ReadonlyPaths: [] },
  ],
  ["shm_size: 64m", { ShmSize: 67_108_864 }],
  ["storage_opt: { size: 1G }", { StorageOpt: { size: "1G" } }],
  ["sysctls: { net.core.somaxconn: 1024 }", { Sysctls: { "net.core.somaxconn": "1024" } }],
  ["tmpfs: ['/run:size=1m']", { Tmpfs: { "/run": "size=1m" } }],
  [
    "ulimits: { nofile: { soft: 1, hard: 2 }, nproc: 3 }",
    {
      Ulimits: [
        { Name: "nofile", Soft: 1, Hard: 2 },
        { Name: "nproc", Soft: 3, Hard: 3 },
      ],
    },
  ],
  ["userns_mode: host", { UsernsMode: "host" }],
  ["uts: host", { UTSMode: "host" }],
  ["annotations: { a: b }", { Annotations: { a: "b" } }],
  ["volumes_from: ['db:ro']", { VolumesFrom: ["app-db-1:ro"] }],
  ["volumes: ['/host:/c:ro']", { Binds: ["/host:/c:ro"] }],
  ["volumes: [/anonymous]", { Mounts: [{ Type: "volume", Target: "/anonymous" }] }],
  [
    "volumes: [{ type: bind, source: /h, target: /c, bind: { create_host_path: false } }]",
    { Mounts: [{ Type: "bind", Source: "/h", Target: "/c" }] },
  ],
  [
    "volumes: [{ type: tmpfs, target: /t, read_only: true, tmpfs: { size: 1m, mode: 0o1777 } }]",
    { Tmpfs: { "/t": "ro,size=1048576,mode=1777" } },
  ],
  [
    "volumes: [{ type: image, source: db, target: /i }]",
    { Mounts: [{ Type: "image", Source: "busybox", Target: "/i" }] },
  ],
  [
    "ports: ['127.0.0.1:8080:80/udp', '81']",
    { PortBindings: { "80/udp": [{ HostIp: "127.0.0.1", HostPort: "8080" }], "81/tcp": [{ HostPort: "" }] } },
  ],
];

const config: readonly (readonly [string, object])[] = [
  ["command: echo 'a b'", { Cmd: ["echo", "a b"] }],
  ["entrypoint: []", { Entrypoint: [] }],
  ["environment: { A: b, EMPTY: '', GONE: }", { Env: ["A=b", "EMPTY=", "GONE"] }],
  ["user: '1:2'", { User: "1:2" }],
  ["working_dir: /w", { WorkingDir: "/w" }],
  ["hostname: h", { Hostname: "h" }],
  ["domainname: d", { Domainname: "d" }],
  ["tty: true", { Tty: true }],
  ["stdin_open: true", { OpenStdin: true }],
  ["stop_signal: SIGINT", { StopSignal: "SIGINT" }],
  ["stop_grace_period: 1m500ms", { StopTimeout: 61 }],
  ["expose: ['1-2', '3/udp']", { ExposedPorts: { "1/tcp": {}, "2/tcp": {}, "3/udp": {} } }],
  ["labels: { a: b }", { Labels: { a: "b" } }],
  [
    "healthcheck: { test: x, interval: 1s, timeout: 500ms, retries: 2, start_period: 3s, start_interval: 4s }",
    {
      Healthcheck: {
        Test: ["CMD-SHELL", "x"],
        Interval: 1e9,
        Timeout: 5e8,
        Retries: 2,
        StartPeriod: 3e9,
        StartInterval: 4e9,
      },
    },
  ],
  ["healthcheck: { disable: true }", { Healthcheck: { Test: ["NONE"] } }],
];

describe("attributes of a service", () => {
  it.each(host)("%s", (attributes, expected) => {
    expect(requestOf(attributes).body.HostConfig).toMatchObject(expected);
  });

  it.each(config)("%s", (attributes, expected) => {
    expect(requestOf(attributes).body).toMatchObject(expected);
  });

  it("gives endpoints their settings, the highest priority first", () => {
    const networks =
      "networks:\n      front: { aliases: [zed], ipv4_address: 10.1.1.9, mac_address: '02:00:00:00:00:01' }\n      back: { priority: 5 }";
    const rest = "networks: { front: {}, back: {} }";
    const { body, connect } = requestOf(networks, "1.44", rest);
    expect(body.HostConfig.NetworkMode).toBe("app_back");
    expect(connect).toEqual([]);
    expect(body.NetworkingConfig?.EndpointsConfig["app_front"]).toEqual({
      Aliases: ["app-web-1", "web", "zed"],
      IPAMConfig: { IPv4Address: "10.1.1.9" },
      MacAddress: "02:00:00:00:00:01",
    });
  });

  it("mounts configs and secrets from files read-only, and copies other content", () => {
    const uses = "configs: [{ source: motd, target: /etc/motd }, inline]\n    secrets: [key]";
    const rest =
      "configs: { motd: { file: ./motd }, inline: { content: hi } }\nsecrets: { key: { file: ./key } }";
    const desired = desiredOf(uses, "1.51", rest);
    const web = desired.services.find(({ name }) => name === "web");
    expect(web?.request(1).body.HostConfig.Mounts).toEqual([
      { Type: "bind", Source: "/app/motd", Target: "/etc/motd", ReadOnly: true },
      { Type: "bind", Source: "/app/key", Target: "/run/secrets/key", ReadOnly: true },
    ]);
    expect(web?.copies).toEqual([{ from: "config", key: "inline", target: "/inline" }]);
  });
});

describe("what an engine cannot take", () => {
  it.each([
    ["volumes: [{ type: image, source: busybox, target: /i }]", "type: image needs API 1.48"],
    ["devices: ['vendor.com/gpu=all']", "devices (CDI names) needs API 1.44"],
    [
      "volumes: [{ type: volume, source: data, target: /d, volume: { subpath: x } }]",
      "volume.subpath needs API 1.45",
    ],
  ])("is refused by name: %s", (attributes, message) => {
    const refused = (): unknown => desiredOf(attributes, "1.41", "volumes: { data: {} }");
    expect(refused).toThrow(RefusedError);
    expect(refused).toThrow(message);
    expect(refused).toThrow("Docker Engine (API 1.41)");
  });

  it.each([
    ["gpus: all", "services.web.gpus needs Docker Engine 20.10"],
    ["links: ['db:other']", "services.web.links: db:other needs Docker Engine 20.10"],
    ["external_links: [other]", "services.web.external_links needs"],
    ["ports: ['8000-8009:80']", "services.web.ports: 8000-8009 needs"],
  ])("is refused with Podman, which would drop it or fail on it: %s", (attributes, message) => {
    const refused = (): unknown => desiredOf(attributes, "1.41", "", "podman");
    expect(refused).toThrow(RefusedError);
    expect(refused).toThrow(message);
    expect(refused).toThrow("Podman (API 1.41) cannot run this stack");
  });

  it("is said in another way with Podman", () => {
    const { services, warnings } = desiredOf(
      "links: [db]\n    domainname: d\n    security_opt: ['systempaths=unconfined']",
      "1.41",
      "",
      "podman",
    );
    const { body } = services.find(({ name }) => name === "web")?.request(1) ?? {};
    expect(body?.HostConfig).toMatchObject({ SecurityOpt: ["unmask=ALL"] });
    expect(body?.HostConfig).not.toHaveProperty("MaskedPaths");
    expect(body?.Domainname).toBeUndefined();
    expect(body?.NetworkingConfig?.EndpointsConfig["app_default"]).not.toHaveProperty("Links");
    expect(warnings).toMatchObject([{ code: "ignored-attribute", names: ["domainname"] }]);
  });

  it("is given to Podman as far as it takes it: hardware addresses, but no options of an endpoint", () => {
    const attributes = `networks:
      default:
        mac_address: "02:00:00:00:00:01"
        link_local_ips: ["169.254.0.7"]
        driver_opts: { a: b }`;
    const { services, warnings } = desiredOf(
      attributes,
      "1.41",
      "networks: { default: { ipam: { options: { c: d }, config: [{ subnet: 10.9.0.0/24, aux_addresses: { e: 10.9.0.9 } }] } } }",
      "podman",
    );
    const { body } = services.find(({ name }) => name === "web")?.request(1) ?? {};
    const endpoint = body?.NetworkingConfig?.EndpointsConfig["app_default"];
    expect(endpoint).toMatchObject({ MacAddress: "02:00:00:00:00:01" });
    expect([endpoint?.DriverOpts, endpoint?.IPAMConfig, body?.MacAddress]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(warnings.map(({ resource, names }) => [resource?.name, names])).toEqual([
      ["app_default", ["ipam.config.aux_addresses", "ipam.options"]],
      ["web", ["networks.default.driver_opts", "networks.default.link_local_ips"]],
    ]);
  });

  it("is left out with a warning where that does no harm", () => {
    const { warnings } = desiredOf("annotations: { a: b }", "1.41");
    expect(warnings).toMatchObject([
      { code: "ignored-attribute", resource: { name: "web" }, names: ["annotations"] },
    ]);
    expect(requestOf("annotations: { a: b }", "1.41").body.HostConfig.Annotations).toBeUndefined();
  });

  it("gives the container a hardware address where endpoints take none", () => {
    expect(requestOf("mac_address: '02:00:00:00:00:01'", "1.41").body.MacAddress).toBe("02:00:00:00:00:01");
  });

  it("refuses a container name for several replicas", () => {
    expect(() => desiredOf("container_name: x\n    scale: 2")).toThrow(/container_name|container name/);
  });
});
