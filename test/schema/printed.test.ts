import { describe, expect, it } from "vitest";
import { loadDocument } from "../../schema/load.ts";
import { printStackJson } from "../../schema/print-json.ts";
import { printDocumentYaml, printStackYaml } from "../../schema/print-yaml.ts";
import { loadValid, memoryFiles } from "./support.ts";

/** What is printed of an attribute of a service. */
function printed(attribute: string, written: string): unknown {
  const stack = loadValid(`services:\n  web:\n    image: x\n    ${attribute}: ${written}\n`);
  const { services } = JSON.parse(printStackJson(stack)) as { services: { web: Record<string, unknown> } };
  return services.web[attribute];
}

function yamlOf(text: string): string {
  return printStackYaml(loadValid(text));
}

describe("printed values", () => {
  it.each([
    ["ulimits", "{core: 0}", { core: {} }],
    ["ulimits", "{core: {soft: 0, hard: 5}}", { core: { hard: 5 } }],
    ["ulimits", "{core: -1}", { core: -1 }],
    ["mem_swappiness", "1k", "1024"],
    ["mem_swappiness", "60", "60"],
    ["mem_swappiness", "1e3", undefined],
    ["gpus", "[{count: ALL}]", [{ count: -1 }]],
    ["cpus", '"1_0"', 10],
  ])("JSON of %s: %s", (attribute, written, expected) => {
    expect(printed(attribute, written)).toEqual(expected);
  });

  it("has dates of extensions in full", () => {
    const stack = loadValid(
      "x-a: 2020-1-2\nx-b: 2020-01-02 03:04:05.60\nx-c: 2020-01-02T03:04:05+01:00\nservices: {web: {image: x}}\n",
    );
    expect(JSON.parse(printStackJson(stack))).toMatchObject({
      "x-a": "2020-01-02T00:00:00Z",
      "x-b": "2020-01-02T03:04:05.6Z",
      "x-c": "2020-01-02T03:04:05+01:00",
    });
  });

  it("has limits and devices of YAML in the words of the stack file", () => {
    const yaml = yamlOf(
      "services:\n  web:\n    image: x\n    ulimits: {core: 0}\n    blkio_config:\n      weight_device: [{path: /a, weight: 3}]\n",
    );
    expect(yaml).toContain("weight_device:\n        - path: /a\n          weight: 3\n");
    expect(yaml).toContain("core:\n        soft: 0\n        hard: 0\n");
  });

  it("leaves empty parts out of YAML, but no empty command", () => {
    const yaml = yamlOf(
      "services: {web: {image: x, command: [], networks: [n], deploy: {resources: {}}}}\nnetworks: {n: {ipam: {}}}\n",
    );
    expect(yaml).toContain("command: []\n");
    expect(yaml).toContain("deploy: {}\n");
    expect(yaml).not.toContain("ipam");
  });

  it("has numbers of extensions as the peer writes them", () => {
    const written = { a: "1.0", b: "1.50", c: "1e3", d: "1e21", e: "0.0000001", f: "12345678.5", g: "1_000" };
    const shown = { a: 1, b: 1.5, c: 1000, d: 1e21, e: 1e-7, f: 12_345_678.5, g: 1000 };
    const extension = Object.entries(written).map(([key, value]) => `${key}: ${value}`);
    const stack = `x-a: {${extension.join(", ")}}\nservices: {web: {image: x}}\n`;
    expect(JSON.parse(printStackJson(loadValid(stack)))).toMatchObject({ "x-a": shown });
    const yaml = yamlOf(stack).slice(yamlOf(stack).indexOf("x-a:"));
    expect(yaml.split("\n").map((line) => line.trim())).toEqual([
      "x-a:",
      "a: 1",
      "b: 1.5",
      "c: 1000",
      "d: 1e+21",
      "e: 1e-07",
      "f: 1.23456785e+07",
      "g: 1000",
      "",
    ]);
  });

  it("has tabs of texts in several lines as they are, and escapes in one line", () => {
    const yaml = yamlOf('services: {web: {image: x, labels: {a: "FROM x\\n\\tRUN y\\n", b: "c\\td"}}}');
    expect(yaml).toContain("      a: |\n        FROM x\n        \tRUN y\n");
    expect(yaml).toContain('      b: "c\\td"\n');
  });

  it("escapes what lies beyond the first 65,536 characters, as the peer does", () => {
    expect(yamlOf("services: {web: {image: x, labels: {a: 😀, b: 日本}}}")).toContain(
      '      a: "\\U0001F600"\n      b: 日本\n',
    );
  });

  it("counts in the order of YAML keys", () => {
    const keys = ["a10", "a2", "aB", "a_b", "a01", "a1b", "a1", "1", "a100", "a1_"];
    const yaml = yamlOf(
      `x-a: {${keys.map((key) => `"${key}": x`).join(", ")}}\nservices: {web: {image: x}}\n`,
    );
    const found = [...yaml.matchAll(/^ {2}"?([\w]+)"?: x$/gm)].map((match) => match[1]);
    expect(found).toEqual(["1", "a_b", "a1", "a1b", "a1_", "a01", "a2", "a10", "a100", "aB"]);
  });

  it("keeps empty lists in YAML with variables as they are written", () => {
    const files = memoryFiles({ "/work/app/compose.yaml": "services: {web: {image: x, group_add: []}}\n" });
    const result = loadDocument({
      files,
      cwd: "/work/app",
      home: "/home/me",
      env: {},
      skip: { interpolation: true },
    });
    expect(result.ok && printDocumentYaml(result.yamlDocument)).toContain("group_add: []\n");
  });
});
