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

  it("may mount the project directory by an empty source, with a warning", () => {
    const result = loadMemory(service('volumes: [{type: bind, source: "", target: /a}]'));
    expect(result).toMatchObject({ ok: true, diagnostics: [{ severity: "warning", code: "empty-source" }] });
  });
});
