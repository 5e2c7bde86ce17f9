import { describe, expect, it } from "vitest";
import { checkStack } from "../../../schema/check/check.ts";
import type { CheckInput } from "../../../schema/check/report.ts";
import type { Service } from "../../../schema/model.ts";

type Parts = Partial<Omit<CheckInput, "services">> & { readonly services: Readonly<Record<string, Service>> };

const NOTHING: CheckInput = {
  services: {},
  disabledServices: {},
  networks: {},
  volumes: {},
  configs: {},
  secrets: {},
  models: {},
  locate: () => undefined,
};

const web = (more: Service): Parts => ({ services: { web: { image: "x", ...more } } });
const pair = (a: Service, b: Service): Parts => ({
  services: { a: { image: "x", ...a }, b: { image: "x", ...b } },
});
const started = { condition: "service_started", required: true } as const;
const healthy = { condition: "service_healthy", required: true } as const;

function codes(parts: Parts): string[] {
  return checkStack({ ...NOTHING, ...parts }).map(
    (d) => `${d.severity === "error" ? "" : `${d.severity} `}${d.code} ${d.path}`,
  );
}

describe("a sound stack", () => {
  it("has nothing to report", () => {
    expect(
      codes({
        services: {
          web: {
            build: {
              context: "/src",
              dockerfile: "Dockerfile",
              platforms: ["linux/amd64"],
              additional_contexts: { base: "service:db" },
            },
            platform: "linux/amd64",
            depends_on: { db: healthy, off: { ...started, required: false } },
            networks: { back: null },
            volumes: [{ type: "volume", source: "data", target: "/data" }],
            secrets: [{ source: "key", target: "/run/secrets/key" }],
            cpus: 0.5,
            deploy: { replicas: 2, resources: { limits: { cpus: 0.5 } } },
            scale: 2,
          },
          db: {
            build: { context: "/db" },
            healthcheck: { test: ["CMD", "true"] },
            container_name: "db",
            restart: "on-failure:3",
          },
          tool: { provider: { type: "x" } },
        },
        disabledServices: { off: { image: "x" } },
        networks: { back: { name: "p_back" } },
        volumes: { data: { name: "p_data" } },
        secrets: { key: { file: "/key" } },
      }),
    ).toEqual([]);
  });
});

describe("errors", () => {
  it.each<[string, Parts, string[]]>([
    ["no image and no build", { services: { web: {} } }, ["no-image services.web"]],
    [
      "both Dockerfiles",
      web({ build: { dockerfile: "D", dockerfile_inline: "FROM x" } }),
      ["exclusive-keys services.web.build.dockerfile_inline"],
    ],
    [
      "a platform that is not built",
      web({ platform: "linux/arm64", build: { platforms: ["linux/amd64"] } }),
      ["platform-not-built services.web.platform"],
    ],
    [
      "platforms that are none",
      web({
        platform: "foo/bar",
        build: { platforms: ["linux/amd64", "linux/arm65", "linux//v7", "linx", "foo/bar"] },
      }),
      [
        "invalid-platform services.web.platform",
        "invalid-platform services.web.build.platforms[1]",
        "invalid-platform services.web.build.platforms[2]",
        "invalid-platform services.web.build.platforms[3]",
        "invalid-platform services.web.build.platforms[4]",
      ],
    ],
    [
      "platforms of every form",
      web({
        platform: "linux/arm/v7",
        build: { platforms: ["linux/arm/v7", "aarch64", "linux", "windows(10.0.17763)/amd64"] },
      }),
      [],
    ],
    [
      "a context from nowhere",
      web({ build: { additional_contexts: { z: "service:q" } } }),
      ["undefined-service services.web.build.additional_contexts.z"],
    ],
    [
      "a context that is not built",
      pair({ build: { additional_contexts: { z: "service:b" } } }, {}),
      ["service-not-built services.a.build.additional_contexts.z"],
    ],
    [
      "an undefined network",
      web({ networks: { back: null } }),
      ["undefined-network services.web.networks.back"],
    ],
    [
      "an undefined volume",
      web({ volumes: [{ type: "volume", source: "v", target: "/v" }] }),
      ["undefined-volume services.web.volumes[0].source"],
    ],
    [
      "an undefined config",
      web({ configs: [{ source: "c" }] }),
      ["undefined-config services.web.configs[0].source"],
    ],
    [
      "an undefined secret",
      web({ secrets: [{ source: "s" }] }),
      ["undefined-secret services.web.secrets[0].source"],
    ],
    [
      "an undefined build secret",
      web({ build: { secrets: [{ source: "s" }] } }),
      ["undefined-secret services.web.build.secrets[0].source"],
    ],
    ["an undefined model", web({ models: { m: null } }), ["undefined-model services.web.models.m"]],
    [
      "an undefined dependency",
      web({ depends_on: { db: started } }),
      ["undefined-service services.web.depends_on.db"],
    ],
    [
      "an undefined optional dependency",
      web({ depends_on: { db: { ...started, required: false } } }),
      ["undefined-service services.web.depends_on.db"],
    ],
    [
      "an undefined link, once, where it is written",
      web({ links: ["db:x"], depends_on: { db: started } }),
      ["undefined-service services.web.links[0]"],
    ],
    [
      "an undefined network owner",
      web({ network_mode: "service:q" }),
      ["undefined-service services.web.network_mode"],
    ],
    ["undefined process sharing", web({ pid: "service:q" }), ["undefined-service services.web.pid"]],
    [
      "volumes from nowhere",
      web({ volumes_from: ["q:ro", "container:other"] }),
      ["undefined-service services.web.volumes_from[0]"],
    ],
    [
      "a dependency that no profile selects",
      {
        ...web({ depends_on: { db: started } }),
        disabledServices: { db: { image: "x", profiles: ["data"] } },
      },
      ["disabled-service services.web.depends_on.db"],
    ],
    [
      "networks beside a network mode",
      web({ network_mode: "host", networks: { default: null } }),
      ["exclusive-keys services.web.network_mode"],
    ],
    ["a negative scale", web({ scale: -1 }), ["out-of-range services.web.scale"]],
    ["two scales", web({ scale: 0, deploy: { replicas: 1 } }), ["conflicting-values services.web.scale"]],
    [
      "one name for two containers",
      web({ scale: 2, container_name: "w" }),
      ["conflicting-values services.web.container_name"],
    ],
    [
      "one name for two services",
      pair({ container_name: "w" }, { container_name: "w" }),
      ["duplicate-container-name services.b.container_name"],
    ],
    [
      "different limits",
      web({ mem_limit: "10485760", deploy: { resources: { limits: { memory: "1048576" } } } }),
      ["conflicting-values services.web.mem_limit"],
    ],
    [
      "a limit that deploy leaves out",
      web({ cpus: 0.5, deploy: { resources: { limits: { memory: "1" } } } }),
      ["conflicting-values services.web.cpus"],
    ],
    [
      "different reservations",
      web({ mem_reservation: "1", deploy: { resources: { reservations: { cpus: 1 } } } }),
      ["conflicting-values services.web.mem_reservation"],
    ],
    [
      "two mounts at one place",
      web({ volumes: [{ type: "bind", source: "/a", target: "/v" }], tmpfs: ["/v:size=1m"] }),
      ["duplicate-mount services.web.tmpfs[0]"],
    ],
    [
      "a health check of no kind",
      web({ healthcheck: { test: ["true"] } }),
      ["bad-format services.web.healthcheck.test[0]"],
    ],
    [
      "a sync rule without target",
      web({ develop: { watch: [{ path: "/src", action: "sync" }] } }),
      ["missing-key services.web.develop.watch[0]"],
    ],
    ["a secret from nowhere", { services: {}, secrets: { s: { driver: "x" } } }, ["missing-key secrets.s"]],
  ])("%s", (_name, parts, expected) => {
    expect(codes(parts)).toEqual(expected);
  });

  it("names the near miss", () => {
    const [found] = checkStack({
      ...NOTHING,
      ...web({ networks: { bakc: null } }),
      networks: { back: { name: "b" } },
    });
    expect(found).toMatchObject({
      message: 'service "web" uses network "bakc", which is not defined',
      hint: 'did you mean "back"?',
    });
  });

  it("finds a service that is disabled when looking for near misses", () => {
    const [found] = checkStack({
      ...NOTHING,
      ...web({ depends_on: { dbb: started } }),
      disabledServices: { db: { image: "x" } },
    });
    expect(found?.hint).toBe('did you mean "db"?');
  });
});

describe("warnings", () => {
  it.each<[string, Parts, string[]]>([
    [
      "waiting for health that nobody checks",
      pair({ depends_on: { b: healthy } }, {}),
      ["warning no-health-check services.a.depends_on.b.condition"],
    ],
    [
      "waiting for health that is switched off",
      pair({ depends_on: { b: healthy } }, { healthcheck: { test: ["NONE"] } }),
      ["warning health-check-off services.a.depends_on.b.condition"],
    ],
    [
      "one host port twice",
      pair({ ports: [{ target: 80, published: "80" }] }, { ports: [{ target: 81, published: "80" }] }),
      ["warning port-conflict services.b.ports[0].published"],
    ],
    [
      "one host port for two containers",
      web({ scale: 2, ports: [{ target: 80, published: "80" }] }),
      ["warning port-conflict services.web.ports[0].published"],
    ],
    [
      "an unknown restart policy",
      web({ restart: "sometimes" }),
      ["warning bad-restart services.web.restart"],
    ],
    ["a DNS server by name", web({ dns: ["one.example"] }), ["warning bad-address services.web.dns[0]"]],
    [
      "a subnet without a size",
      { services: {}, networks: { n: { name: "n", ipam: { config: [{ subnet: "10.0.0.0" }] } } } },
      ["warning bad-address networks.n.ipam.config[0].subnet"],
    ],
    [
      "a start interval alone",
      web({ healthcheck: { start_interval: "1s" } }),
      ["warning start-interval-alone services.web.healthcheck.start_interval"],
    ],
  ])("%s", (_name, parts, expected) => {
    expect(codes(parts)).toEqual(expected);
  });

  it("lets ports be, that differ in address or protocol", () => {
    const port = { target: 80, published: "80" };
    expect(
      codes(
        pair({ ports: [{ ...port, host_ip: "127.0.0.1" }] }, { ports: [{ ...port, host_ip: "10.0.0.1" }] }),
      ),
    ).toEqual([]);
    expect(codes(pair({ ports: [port] }, { ports: [{ ...port, protocol: "udp" }] }))).toEqual([]);
  });
});

describe("cycles", () => {
  const chain = (edges: Record<string, string[]>): Parts => ({
    services: Object.fromEntries(
      Object.entries(edges).map(([name, targets]) => [
        name,
        { image: "x", depends_on: Object.fromEntries(targets.map((target) => [target, started])) },
      ]),
    ),
  });
  const messages = (edges: Record<string, string[]>): string[] =>
    checkStack({ ...NOTHING, ...chain(edges) }).map((d) => d.message.replace(/^.*: /, ""));

  it("shows the chain", () => {
    expect(messages({ a: ["b"], b: ["c"], c: ["a"] })).toEqual(["a -> b -> c -> a"]);
    expect(messages({ a: ["a"] })).toEqual(["a -> a"]);
  });

  it("reports each circle once, and services beside it not at all", () => {
    expect(messages({ z: ["a", "c"], a: ["b"], b: ["a"], c: ["d"], d: ["c"], e: [] })).toEqual([
      "a -> b -> a",
      "c -> d -> c",
    ]);
  });

  it("takes a shortest chain", () => {
    expect(messages({ a: ["b", "c"], b: ["c"], c: ["d"], d: ["a"] })).toEqual(["a -> c -> d -> a"]);
  });

  it("stands a chain of thousands", () => {
    const edges: Record<string, string[]> = {};
    for (let i = 0; i < 5000; i += 1) edges[`s${i}`] = [`s${i + 1}`];
    edges["s5000"] = [];
    expect(messages(edges)).toEqual([]);
  });

  it("points at every step", () => {
    const [found] = checkStack({
      ...NOTHING,
      ...chain({ a: ["b"], b: ["a"] }),
      locate: (path, target) => ({ file: `${path.join(".")} ${target}`, start: 0, end: 1 }),
    });
    expect(found).toMatchObject({
      range: { file: "services.a.depends_on.b key" },
      related: [{ message: '"b" depends on "a"', range: { file: "services.b.depends_on.a key" } }],
    });
  });
});
