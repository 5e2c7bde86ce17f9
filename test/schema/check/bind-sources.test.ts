import { describe, expect, it } from "vitest";
import type { Diagnostic } from "../../../schema/diagnostic.ts";
import { loadMemory } from "../support.ts";

function warnings(volumes: string, comment = ""): readonly Diagnostic[] {
  const text = `${comment}\nservices:\n  web:\n    image: a\n    volumes:\n${volumes}`;
  const files = { "/work/app/compose.yaml": text, "/work/app/there/file": "" };
  return loadMemory(files, { checkPaths: true }).diagnostics;
}

describe("bind mounts whose source does not exist", () => {
  it("are left alone unless the caller's files are the engine's", () => {
    expect(loadMemory("services: {web: {image: a, volumes: ['./gone:/x']}}").diagnostics).toEqual([]);
  });

  it("are no matter where they exist, and for volumes", () => {
    expect(warnings("      - ./there:/a\n      - /work/app/there/file:/b\n      - /c\n")).toEqual([]);
  });

  it("one folder is named with its place, and what the engine will do", () => {
    const [warning, ...others] = warnings("      - ./there:/a\n      - ./gone:/b\n");
    expect(others).toEqual([]);
    expect(warning).toMatchObject({
      severity: "warning",
      code: "missing-path",
      message: 'service "web" mounts "/work/app/gone", which does not exist',
      hint: "the engine will make an empty folder there, owned by root",
      range: { file: "/work/app/compose.yaml" },
    });
  });

  it("several folders are one warning", () => {
    const found = warnings([..."abcdef"].map((name) => `      - ./${name}:/${name}\n`).join(""));
    expect(found.map(({ message }) => message)).toEqual([
      "6 mounted folders do not exist: ./a, ./b, ./c, ./d and 2 more",
    ]);
  });

  it.each([
    ["a file", "- ./nginx.conf:/etc/nginx/nginx.conf:ro", "where a file seems to be meant"],
    [
      "a folder that must exist",
      "- {type: bind, source: ./a, target: /a, bind: {create_host_path: false}}",
      "will not start",
    ],
    ["a folder of files", "- ./conf.d:/etc/nginx/conf.d", "owned by root"],
    ["the long form without options", "- {type: bind, source: ./a, target: /a}", "owned by root"],
  ])("%s", (_name, item, hint) => {
    expect(warnings(`      ${item}\n`).map((warning) => warning.hint)).toEqual([
      expect.stringContaining(hint),
    ]);
  });

  it("can be silenced, one by one or for the file", () => {
    const silenced = "      - ./gone:/b # tcompose-lint-disable-line missing-path\n";
    expect(warnings(silenced)).toEqual([]);
    const text = "      - ./gone:/b\n      - ./other:/c\n";
    expect(warnings(text, "# tcompose-lint-disable missing-path -- made on the first run")).toEqual([]);
    const [left, ...others] = warnings(silenced + "      - ./other:/c\n");
    expect(others).toEqual([]);
    expect(left?.message).toContain("/work/app/other");
  });
});
