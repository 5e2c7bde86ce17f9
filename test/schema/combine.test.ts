import { describe, expect, it } from "vitest";
import { loadValid, problems } from "./support.ts";

/** Two files over each other. */
function merged(base: string, over: string) {
  const files = { "/work/app/a.yaml": base, "/work/app/b.yaml": over };
  return loadValid(files, { configFiles: ["a.yaml", "b.yaml"], allResources: true });
}

function service(base: string, over: string) {
  return merged(`services:\n  s: {image: x, ${base}}\n`, `services:\n  s: {${over}}\n`).services["s"];
}

describe("merge", () => {
  it.each([
    ["command: [a]", "command: [b]", { command: ["b"] }],
    ["entrypoint: [a]", "entrypoint: null", { image: "x" }],
    ["environment: {A: 1, B: 2}", "environment: [B=3, C=4]", { environment: { A: "1", B: "3", C: "4" } }],
    ["labels: [a=1]", "labels: {a: 2}", { labels: { a: "2" } }],
    ["dns: 1.1.1.1", "dns: [1.1.1.1, 8.8.8.8]", { dns: ["1.1.1.1", "8.8.8.8"] }],
    ["cap_add: [A]", "cap_add: [A, B]", { cap_add: ["A", "B"] }],
    [
      "volumes: ['/a:/x']",
      "volumes: ['/b:/x:ro']",
      { volumes: [expect.objectContaining({ source: "/b", read_only: true })] },
    ],
    [
      "ports: ['80:80']",
      "ports: ['81:80']",
      { ports: [expect.objectContaining({ published: "80" }), expect.objectContaining({ published: "81" })] },
    ],
    [
      "ports: ['80:80']",
      "ports: [{target: 80, published: '80'}]",
      { ports: [expect.objectContaining({ published: "80" })] },
    ],
    [
      "build: x",
      "build: {target: t}",
      { build: expect.objectContaining({ context: "/work/app/x", target: "t" }) },
    ],
    ["logging: {driver: a, options: {x: 1}}", "logging: {driver: b}", { logging: { driver: "b" } }],
    [
      "logging: {driver: a, options: {x: 1}}",
      "logging: {options: {y: 2}}",
      { logging: { driver: "a", options: { x: "1", y: "2" } } },
    ],
    ["ulimits: {n: {soft: 1, hard: 2}}", "ulimits: {n: 5}", { ulimits: { n: 5 } }],
    [
      "extra_hosts: ['a=1.1.1.1']",
      "extra_hosts: ['a=1.1.1.1', 'b=2.2.2.2']",
      { extra_hosts: ["a=1.1.1.1", "b=2.2.2.2"] },
    ],
    ["restart: always", "restart: null", { restart: "always" }],
    ["labels: {a: 1}", "labels: !reset null", { image: "x" }],
    ["labels: {a: 1}", "labels: !override {b: 2}", { labels: { b: "2" } }],
    ["environment: {A: 1, B: 2}", "environment: {A: !reset null}", { environment: { B: "2" } }],
  ])("%s under %s", (base, over, expected) => {
    expect(service(base, over)).toMatchObject(expected);
  });

  it("removes what is reset", () => {
    expect(service("labels: {a: 1}", "labels: !reset null")).not.toHaveProperty("labels");
  });

  it("does not reset the project's name", () => {
    const files = {
      "/work/app/compose.yaml": "name: first\nservices: {s: {image: x}}\n---\nname: !reset second\n",
    };
    expect(loadValid(files).name).toBe("second");
  });

  it("merges address pools by subnet", () => {
    const network = (pools: string): string =>
      `services: {s: {image: x}}\nnetworks:\n  n: {ipam: {config: [${pools}]}}\n`;
    const stack = merged(network("{subnet: 10.0.0.0/8}"), network("{subnet: 10.0.0.0/8, gateway: 10.0.0.1}"));
    expect(stack.networks["n"]?.ipam?.config).toEqual([{ subnet: "10.0.0.0/8", gateway: "10.0.0.1" }]);
    const several = merged(
      network("{subnet: 10.0.0.0/8}, {subnet: 11.0.0.0/8, gateway: 11.0.0.1}"),
      network("{subnet: 10.0.0.0/8}, {subnet: 12.0.0.0/8}"),
    );
    expect(several.networks["n"]?.ipam?.config).toEqual([
      { subnet: "12.0.0.0/8", gateway: "11.0.0.1" },
      { subnet: "12.0.0.0/8" },
    ]);
  });

  it("reports a value of another kind with both places", () => {
    const files = {
      "/work/app/a.yaml": "services:\n  s: {image: x, deploy: {mode: global}}\n",
      "/work/app/b.yaml": "services:\n  s: {deploy: [a]}\n",
    };
    const [problem] = problems(files, { configFiles: ["a.yaml", "b.yaml"] });
    expect(problem).toMatchObject({
      code: "merge-conflict",
      path: "services.s.deploy",
      range: { file: "/work/app/b.yaml" },
    });
    expect(problem?.related?.[0]?.range.file).toBe("/work/app/a.yaml");
  });

  it("merges the documents of one file like files", () => {
    const stack = loadValid("services:\n  s: {image: x}\n---\nservices:\n  s: {image: y}\n");
    expect(stack.services["s"]?.image).toBe("y");
  });
});

describe("extends", () => {
  it("builds on a service of the same file, over several steps", () => {
    const stack = loadValid(
      "services:\n  a: {image: x, environment: {A: 1}}\n  b: {extends: a, environment: {B: 2}}\n  c: {extends: {service: b}, image: y}\n",
    );
    expect(stack.services["c"]).toMatchObject({ image: "y", environment: { A: "1", B: "2" } });
  });

  it("takes paths of another file relative to where it stands", () => {
    const stack = loadValid({
      "/work/app/compose.yaml": "services:\n  a: {extends: {file: ../common/base.yaml, service: base}}\n",
      "/work/common/base.yaml":
        "services:\n  base: {build: ./src, volumes: ['./d:/d'], extends: {file: deep/more.yaml, service: m}}\n",
      "/work/common/deep/more.yaml": "services:\n  m: {env_file: m.env}\n",
      "/work/common/deep/m.env": "M=1\n",
    });
    expect(stack.services["a"]?.build?.context).toBe("/work/common/src");
    expect(stack.services["a"]?.volumes?.[0]?.source).toBe("/work/common/d");
    expect(stack.services["a"]?.environment).toEqual({ M: "1" });
  });

  it("reports circles, missing services and missing files at the reference", () => {
    expect(problems("services:\n  a: {extends: b}\n  b: {extends: a}\n").map((d) => d.code)).toContain(
      "extends-cycle",
    );
    expect(problems("services:\n  web: {image: x}\n  a: {extends: wbe}\n")[0]).toMatchObject({
      code: "undefined-service",
      hint: expect.stringContaining("web") as string,
    });
    expect(problems("services:\n  a: {extends: {file: no.yaml, service: x}}\n").map((d) => d.code)).toContain(
      "file-not-found",
    );
  });
});

describe("include", () => {
  it("loads another stack in its own directory, with its own env file under ours", () => {
    const stack = loadValid(
      {
        "/work/app/compose.yaml":
          "include: [../db/compose.yaml]\nservices:\n  web: {image: w, depends_on: [db]}\n",
        "/work/db/compose.yaml":
          "services:\n  db: {image: 'pg:${V}-${W}', build: ./ctx, volumes: ['data:/v']}\nvolumes:\n  data:\n",
        "/work/db/.env": "V=1\nW=2\n",
      },
      { env: { V: "9" } },
    );
    expect(stack.services["db"]).toMatchObject({ image: "pg:9-2", build: { context: "/work/db/ctx" } });
    expect(stack.volumes).toEqual({ data: { name: "app_data" } });
  });

  it("lets the including file's definition win over the included one, and says so", () => {
    const files = {
      "/work/app/compose.yaml": "include: [o.yaml]\nservices:\n  s: {image: mine}\n",
      "/work/app/o.yaml": "services:\n  s: {image: theirs, restart: always}\n",
    };
    expect(loadValid(files).services["s"]).toMatchObject({ image: "mine", restart: "always" });
    const [warning] = problems(files, {}, "warning");
    expect(warning).toMatchObject({ code: "include-conflict", range: { file: "/work/app/compose.yaml" } });
    expect(warning?.related?.[0]?.range.file).toBe("/work/app/o.yaml");
  });

  it("reports circles and what it cannot fetch", () => {
    const files = {
      "/work/app/compose.yaml": "include: [b.yaml]\nservices: {a: {image: x}}\n",
      "/work/app/b.yaml": "include: [compose.yaml]\n",
    };
    expect(problems(files)[0]).toMatchObject({ code: "include-cycle" });
    expect(problems("include: ['oci://x/y']\nservices: {a: {image: x}}\n")[0]?.code).toBe(
      "remote-not-supported",
    );
  });
});
