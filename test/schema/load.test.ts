import { describe, expect, it } from "vitest";
import { canonicalServiceJson } from "../../schema/canonical.ts";
import { loadMemory, loadValid, pointedAt, problems } from "./support.ts";

describe("load", () => {
  it("brings short forms into long ones, with defaults", () => {
    const stack = loadValid(
      "services:\n  web:\n    image: nginx\n    command: nginx -g 'daemon off;'\n    ports: ['8080:80', '53:53/udp']\n    volumes: ['data:/d:ro', './src:/src']\n" +
        "    environment: [A=1, B]\n    depends_on: [db]\n    healthcheck: {test: curl x, interval: 90s}\n  db:\n    build: .\nvolumes:\n  data:\n",
    );
    expect(stack.name).toBe("app");
    expect(stack.services["web"]).toEqual({
      image: "nginx",
      command: ["nginx", "-g", "daemon off;"],
      environment: { A: "1", B: null },
      depends_on: { db: { condition: "service_started", required: true } },
      healthcheck: { test: ["CMD-SHELL", "curl x"], interval: "1m30s" },
      networks: { default: null },
      ports: [
        { mode: "ingress", target: 80, published: "8080", protocol: "tcp" },
        { mode: "ingress", target: 53, published: "53", protocol: "udp" },
      ],
      volumes: [
        { type: "volume", source: "data", target: "/d", read_only: true, volume: {} },
        { type: "bind", source: "/work/app/src", target: "/src", bind: { create_host_path: true } },
      ],
    });
    expect(stack.services["db"]?.build).toEqual({ context: "/work/app", dockerfile: "Dockerfile" });
    expect(stack.volumes).toEqual({ data: { name: "app_data" } });
    expect(stack.networks).toEqual({ default: { name: "app_default" } });
  });

  it("reports all problems of one file at once, each at its text", () => {
    const text =
      "services:\n  web:\n    imgae: nginx\n    ports: ['80:x']\n  db:\n    image: ${DB?needed}\n    depends_on: [wbe]\n";
    const found = problems(text);
    expect(found.map((d) => [d.code, pointedAt(d, text)])).toEqual([
      ["missing-variable", "${DB?needed}"],
      ["unknown-key", "imgae"],
      ["invalid-port", "'80:x'"],
      ["undefined-service", "wbe"],
    ]);
    expect(found.at(-1)?.hint).toContain('"web"');
  });

  it("points at the text of a value through variables, files and list items", () => {
    const files = {
      "/work/app/compose.yaml":
        "services:\n  a:\n    image: ${IMAGE}\n    env_file: vars.env\n    environment:\n      - X=1\n",
      "/work/app/vars.env": "Y=from file\n",
    };
    const stack = loadValid(files, { env: { IMAGE: "nginx" } });
    const at = (path: string[]): string => pointedAt({ range: stack.locate(path) as never }, files);
    expect(stack.services["a"]?.environment).toEqual({ X: "1", Y: "from file" });
    expect(at(["services", "a", "image"])).toBe("${IMAGE}");
    expect(at(["services", "a", "environment", "X"])).toBe("X=1");
    expect(at(["services", "a", "environment", "Y"])).toBe("from file");
    expect(at(["services", "a", "restart"])).toContain("image: ${IMAGE}");
  });

  it("finds the file upwards, with its override and its env file", () => {
    const files = {
      "/work/app/docker-compose.yml": "services:\n  a: {image: 'x:${TAG}'}\n",
      "/work/app/docker-compose.override.yml": "services:\n  a: {labels: {l: 1}}\n",
      "/work/app/.env": "TAG=7\n",
    };
    const stack = loadValid(files, { cwd: "/work/app/deep/er" });
    expect(stack.services["a"]).toMatchObject({ image: "x:7", labels: { l: "1" } });
    expect(stack.workingDir).toBe("/work/app");
    expect(stack.configFiles).toHaveLength(2);
  });

  it("names the project by flag, variable, file, then directory", () => {
    const text = "name: From ${N}\nservices:\n  a: {image: x}\n";
    expect(loadValid(text, { projectName: "p" }).name).toBe("p");
    expect(loadValid(text, { env: { COMPOSE_PROJECT_NAME: "e" } }).name).toBe("e");
    expect(loadValid(text, { env: { N: "File" } }).name).toBe("fromfile");
    expect(problems(text, { projectName: "Not Good" })[0]?.code).toBe("invalid-project-name");
  });

  it("says what was looked for where there is no file", () => {
    expect(problems({ "/other": "" })[0]?.code).toBe("no-stack-file");
    expect(problems({ "/other": "" }, { configFiles: ["no.yaml"] })[0]).toMatchObject({
      code: "file-not-found",
    });
  });

  it("activates services by profile and by name, and keeps the rest as disabled", () => {
    const text =
      "services:\n  a: {image: x}\n  b: {image: x, profiles: [p], depends_on: [a]}\n  c: {image: x}\n";
    expect(Object.keys(loadValid(text).services)).toEqual(["a", "c"]);
    expect(Object.keys(loadValid(text).disabledServices)).toEqual(["b"]);
    expect(Object.keys(loadValid(text, { profiles: ["p"] }).services)).toEqual(["a", "b", "c"]);
    expect(Object.keys(loadValid(text, { services: ["b"] }).services)).toEqual(["a", "b"]);
    expect(Object.keys(loadValid(text, { services: ["b"], noDependencies: true }).services)).toEqual(["b"]);
    expect(problems(text, { services: ["z"] })[0]?.code).toBe("undefined-service");
  });

  it("prunes resources that nothing uses, unless told otherwise", () => {
    const text = "services:\n  a: {image: x}\nvolumes:\n  v:\n";
    expect(loadValid(text).volumes).toEqual({});
    expect(loadValid(text, { allResources: true }).volumes).toEqual({ v: { name: "app_v" } });
  });

  it("adds the dependencies that links and shared namespaces imply", () => {
    const stack = loadValid(
      "services:\n  a: {image: x, links: ['b:c'], network_mode: 'service:d', volumes_from: ['e:ro']}\n  b: {image: x}\n  d: {image: x}\n  e: {image: x}\n",
    );
    expect(stack.services["a"]?.depends_on).toMatchObject({
      b: { restart: true },
      d: { restart: true },
      e: { required: true },
    });
  });

  it("treats names like any others", () => {
    const stack = loadValid("services:\n  constructor: {image: x, environment: {__proto__: a}}\n");
    expect(Object.keys(stack.services)).toEqual(["constructor"]);
    expect(Object.keys(stack.services["constructor"]?.environment ?? {})).toEqual(["__proto__"]);
  });

  it("warns of what has no effect or is empty", () => {
    const found = problems("version: '3'\nservices:\n  a: {image: 'x${NONE}'}\n", {}, "warning");
    expect(found.map((d) => d.code)).toEqual(expect.arrayContaining(["obsolete-version", "unset-variable"]));
  });

  it("requires env files that are not marked as optional", () => {
    expect(problems("services:\n  a: {image: x, env_file: no.env}\n")[0]?.code).toBe("env-file-not-found");
    expect(loadMemory("services:\n  a: {image: x, env_file: [{path: no.env, required: false}]}\n").ok).toBe(
      true,
    );
  });
});

describe("the canonical text of a service", () => {
  it("has attributes in printing order, null commands, and a required env file by its path", () => {
    const files = {
      "/work/app/compose.yaml":
        "services:\n  a: {image: 'x', env_file: [v.env, {path: n.env, required: false}], labels: {a: '<$$&>'}, scale: 2, x-y: 1}\n",
      "/work/app/v.env": "V=1\n",
    };
    const service = loadValid(files).services["a"];
    expect(service && canonicalServiceJson(service)).toBe(
      '{"command":null,"entrypoint":null,"environment":{"V":"1"},"env_file":["/work/app/v.env",{"path":"/work/app/n.env","required":false}],' +
        '"image":"x","labels":{"a":"\\u003c$\\u0026\\u003e"},"networks":{"default":null}}',
    );
  });
});
