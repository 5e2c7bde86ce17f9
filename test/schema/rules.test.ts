import { describe, expect, it } from "vitest";
import { loadMemory, loadValid, pointedAt, problems } from "./support.ts";

const service = (attributes: string): string => `services:\n  web:\n    image: x\n    ${attributes}\n`;

describe("values that the format refuses", () => {
  it.each([
    ['ports: ["80:0"]', '"80:0"'],
    ["expose: [1.5]", "1.5"],
    ["environment: {SINCE: 2020-01-01}", "2020-01-01"],
    ["healthcheck: {test: a, retries: -1}", "-1"],
    ['memswap_limit: "-1"', '"-1"'],
    ['blkio_config: {weight: "300"}', '"300"'],
    ["ulimits: {nofile: 1e3}", "1e3"],
    ["volumes: [{type: tmpfs, target: /a, tmpfs: {mode: '0755'}}]", "'0755'"],
  ])("%s", (attributes, place) => {
    const text = service(attributes);
    const [problem, ...others] = problems(text);
    expect(others).toEqual([]);
    expect(problem && pointedAt(problem, text)).toBe(place);
  });
});

describe("files that others name", () => {
  it("are reported with the way to them", () => {
    const files = {
      "/work/app/compose.yaml": "include: [a.yaml]\n",
      "/work/app/a.yaml": "include: [b.yaml]\n",
      "/work/app/b.yaml": "services:\n  web:\n    imag: x\n",
    };
    const [problem] = problems(files);
    expect(problem?.range?.file).toBe("/work/app/b.yaml");
    expect(problem?.related?.map((place) => pointedAt(place, files))).toEqual(["b.yaml", "a.yaml"]);
  });

  it("see variables of the env files before them", () => {
    const files = {
      "/work/app/compose.yaml": service("env_file: [a.env, b.env]"),
      "/work/app/a.env": "A=1\n",
      "/work/app/b.env": "B=$A\n",
    };
    expect(loadValid(files).services["web"]?.environment).toEqual({ A: "1", B: "1" });
  });

  it("set variables that win over those of the files before them; of label files the first wins", () => {
    const files = {
      "/work/app/compose.yaml": service("env_file: [a, b]\n    label_file: [a, b]"),
      "/work/app/a": "A=1\n",
      "/work/app/b": "A=2\nB=$A\nA\n",
    };
    const { web } = loadValid(files).services;
    expect(web?.environment).toEqual({ A: "2", B: "2" });
    expect(web?.labels).toEqual({ A: "1", B: "1" });
  });

  it("may mount the project directory by an empty source, with a warning", () => {
    const result = loadMemory(service('volumes: [{type: bind, source: "", target: /a}]'));
    expect(result).toMatchObject({ ok: true, diagnostics: [{ severity: "warning", code: "empty-source" }] });
  });
});

describe("what a mount option that means nothing is told", () => {
  const told = (options: string): (string | undefined)[] =>
    problems(service(`volumes: ["data:/d:${options}"]`) + "volumes: {data: }\n", {}, "warning").map(
      (problem) => problem.hint,
    );

  it("names the one that was meant", () => {
    expect(told("readonly")).toEqual(['did you mean "ro"?']);
    expect(told("ro,noexec")).toEqual(["options are ro, rw, z, Z and nocopy"]);
  });

  it("leaves what engines elsewhere know alone", () => {
    expect(told("ro,cached,U")).toEqual([]);
  });
});

describe("hints where no key is near", () => {
  it.each([
    ["models: {llm: {endpoint: X}}", "keys it takes: endpoint_var, model_var"],
    ["depends_on: [db: service_healthy]", 'conditions go without "-": db: { condition: service_healthy }'],
    ["build: [.]", "write the value itself, without a list"],
    ["ports: [80: 80]", 'no space stands behind the colon of a port: "80:..."'],
  ])("%s", (attributes, hint) => {
    expect(problems(service(attributes))[0]?.hint).toBe(hint);
  });
});

describe("entries of include", () => {
  it.each([
    ["[1]", "1"],
    ["[[a.yaml]]", "[a.yaml]"],
    ["[{path: {}}]", "{}"],
    ["[{path: [1]}]", "1"],
    ["[{path: a.yaml, env_file: {}}]", "{}"],
    ["[{path: a.yaml, project_directory: []}]", "[]"],
  ])("must be paths: %s", (include, place) => {
    const files = {
      "/work/app/compose.yaml": `include: ${include}\nservices: {web: {image: x}}\n`,
      "/work/app/a.yaml": "services: {a: {image: x}}\n",
    };
    const [problem, ...others] = problems(files);
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ code: "wrong-type" });
    expect(problem && pointedAt(problem, files)).toBe(place);
  });
});

describe("services of an extended file", () => {
  it.each([
    ["build", ".", "~"],
    ["ports", "[80]", "~"],
    ["depends_on", "[db]", '""'],
    ["env_file", "[]", "{}"],
    ["gpus", "all", "~"],
  ])("have %s in a form of its own, even where another is merged over it", (key, over, base) => {
    const files = {
      "/work/app/compose.yaml": `services:\n  web:\n    extends: {service: b, file: base.yaml}\n    ${key}: ${over}\n  db: {image: x}\n`,
      "/work/app/base.yaml": `services:\n  b:\n    image: x\n    ${key}: ${base}\n`,
    };
    const [problem, ...others] = problems(files);
    expect(others).toEqual([]);
    expect(problem && pointedAt(problem, files)).toBe(base);
  });

  it("are named, where extends is written", () => {
    const text = service("extends: ~");
    const [problem] = problems(text);
    expect(problem && pointedAt(problem, text)).toBe("~");
  });
});
