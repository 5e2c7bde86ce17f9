import { describe, expect, it } from "vitest";
import { checkFiles } from "../../../schema/check/files.ts";
import type { Service, Stack } from "../../../schema/model.ts";

function stack(web: Service, more: Partial<Stack> = {}): Stack {
  return {
    name: "p",
    nameSeparator: "-",
    workingDir: "/p",
    configFiles: [],
    environmentFiles: [],
    environment: {},
    services: { web },
    disabledServices: {},
    networks: {},
    volumes: {},
    configs: {},
    secrets: {},
    models: {},
    extensions: {},
    sources: [],
    locate: () => undefined,
    ...more,
  };
}

const KNOWN: Readonly<Record<string, "file" | "directory">> = {
  "/p": "directory",
  "/p/Dockerfile": "file",
  "/p/key": "file",
  "/p/dir": "directory",
};
const files = { stat: (path: string) => KNOWN[path] ?? "missing" } as const;

function found(web: Service, more: Partial<Stack> = {}): string[] {
  return checkFiles(stack(web, more), files).map((d) => `${d.severity} ${d.code} ${d.path}`);
}

describe("checkFiles", () => {
  it("is silent where everything is there", () => {
    const web: Service = {
      build: { context: "/p", dockerfile: "Dockerfile" },
      volumes: [
        { type: "bind", source: "/p/dir", target: "/d" },
        { type: "volume", source: "v", target: "/v" },
      ],
      develop: { watch: [{ path: "/p/dir", action: "rebuild" }] },
    };
    expect(
      found(web, { secrets: { key: { file: "/p/key" }, ext: { external: true, file: "/gone" } } }),
    ).toEqual([]);
  });

  it("leaves remote build contexts alone", () => {
    expect(found({ build: { context: "https://example.org/repo.git", dockerfile: "Dockerfile" } })).toEqual(
      [],
    );
  });

  it.each<[string, Service, string]>([
    [
      "a bind source",
      { volumes: [{ type: "bind", source: "/gone", target: "/d" }] },
      "warning missing-path services.web.volumes[0].source",
    ],
    ["a build context", { build: { context: "/gone" } }, "warning missing-path services.web.build.context"],
    [
      "a build context that is a file",
      { build: { context: "/p/key" } },
      "warning missing-path services.web.build.context",
    ],
    [
      "a Dockerfile",
      { build: { context: "/p", dockerfile: "Other" } },
      "warning missing-path services.web.build.dockerfile",
    ],
    [
      "a watched path",
      { develop: { watch: [{ path: "/gone", action: "restart" }] } },
      "warning missing-path services.web.develop.watch[0].path",
    ],
  ])("misses %s", (_name, web, problem) => {
    expect(found(web)).toEqual([problem]);
  });

  it("misses the files of configs and secrets, and refuses folders", () => {
    expect(found({}, { configs: { a: { file: "/gone" } }, secrets: { b: { file: "/p/dir" } } })).toEqual([
      "warning missing-path configs.a.file",
      "warning not-a-file secrets.b.file",
    ]);
  });
});
