import { parse } from "yaml";
import { describe, expect, it } from "vitest";
import { checkPortTexts, isBaseSixty } from "../../../schema/check/base-sixty.ts";
import type { CheckInput } from "../../../schema/check/report.ts";
import { checkWritten } from "../../../schema/check/written.ts";

function found(yaml: string): string[] {
  return checkWritten(parse(yaml), () => undefined).map((d) => `${d.severity} ${d.code} ${d.path}`);
}

describe("checkWritten", () => {
  it.each([
    ["volumes: { v: { external: true, name: x, x-note: 1 } }"],
    ["volumes: { v: { external: false, driver: x } }"],
    ["networks: { v: { external: true, driver: x } }"],
    ["configs: { v: { external: true, file: y } }"],
    ["configs: { v: { external: false } }"],
    ["secrets: { v: { driver: x } }"],
    ["services: { a: { ports: [{ target: 80, host_ip: '::1' }, '80:80'], gpus: [{ count: all }] } }"],
    ["services: [1]\nvolumes: text\nconfigs: null"],
  ])("accepts %s", (yaml) => {
    expect(found(yaml)).toEqual([]);
  });

  it.each([
    ["volumes: { v: { external: true, driver: x } }", "error exclusive-keys volumes.v.driver"],
    ["volumes: { v: { external: { name: x }, driver: y } }", "error exclusive-keys volumes.v.driver"],
    ["configs: { v: { name: x } }", "error missing-key configs.v"],
    ["configs: { v: { file: x, content: y } }", "error exclusive-keys configs.v.content"],
    ["secrets: { v: {} }", "error missing-key secrets.v"],
    ["secrets: { v: { file: x, environment: y } }", "error exclusive-keys secrets.v.environment"],
    ["services: { a: { volumes: [{ type: bind, target: /x }] } }", "error missing-key services.a.volumes[0]"],
    [
      "services: { a: { volumes: [{ type: volume, source: x }] } }",
      "error missing-key services.a.volumes[0]",
    ],
    [
      "services: { a: { ports: [{ target: 80, host_ip: foo }] } }",
      "error bad-format services.a.ports[0].host_ip",
    ],
    [
      "services: { a: { develop: { watch: [{ path: '', action: rebuild }] } } }",
      "error bad-format services.a.develop.watch[0].path",
    ],
    [
      "services: { a: { gpus: [{ count: 1, device_ids: [x] }] } }",
      "error exclusive-keys services.a.gpus[0].count",
    ],
  ])("refuses %s", (yaml, problem) => {
    expect(found(yaml)).toEqual([problem]);
  });
});

describe("ports in base 60", () => {
  it.each(["22:22", "8080:30", "1:2:3"])("%s is one", (text) => {
    expect(isBaseSixty(text)).toBe(true);
  });

  it.each(["80:80", "8080", "0:22", '"22:22"', "127.0.0.1:22:22", "22:22/udp"])("%s is none", (text) => {
    expect(isBaseSixty(text)).toBe(false);
  });

  it("are warned about where they stand unquoted", () => {
    const input: CheckInput = {
      services: { a: { image: "x", ports: [{ target: 22, published: "22" }] } },
      disabledServices: {},
      networks: {},
      volumes: {},
      configs: {},
      secrets: {},
      models: {},
      locate: () => ({ file: "/f", start: 3, end: 8 }),
    };
    expect([...checkPortTexts({ ...input, textAt: () => "22:22" })]).toMatchObject([
      {
        severity: "warning",
        code: "unquoted-port",
        path: ["services", "a", "ports", 0],
        hint: 'write "22:22"',
      },
    ]);
    expect([...checkPortTexts({ ...input, textAt: () => '"22:22"' })]).toEqual([]);
    expect([...checkPortTexts(input)]).toEqual([]);
  });
});
