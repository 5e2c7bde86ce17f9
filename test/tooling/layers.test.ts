import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { checkLayers } from "../support/layers/check.mjs";

const roots: string[] = [];

function project(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), "tcompose-layers-"));
  roots.push(root);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  return root;
}

afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true });
});

describe("the layer rule", () => {
  it("accepts imports that go down", () => {
    const root = project({
      "cli/a.ts": `import { up } from "../engine/up.ts";\nimport { Command } from "commander";\n`,
      "engine/up.ts": `import type { Stack } from "../schema/model.ts";\nexport const up = (s: Stack) => s;\n`,
      "schema/model.ts": `import { parse } from "yaml";\nimport { isIPv4 } from "node:net";\nexport type Stack = typeof parse;\n`,
    });
    expect(checkLayers(root)).toEqual({ files: 3, imports: 5, problems: [] });
  });

  it.each([
    ["a plain import", `import { x } from "../cli/x.ts";`],
    ["a type import", `import type { X } from "../cli/x.ts";`],
    ["an inline type import", `import { type X } from "../cli/x.ts";`],
    ["a re-export", `export * from "../cli/x.ts";`],
    ["a named re-export of a type", `export type { X } from "../cli/x.ts";`],
    ["a dynamic import", `export const load = () => import("../cli/x.ts");`],
    ["an import type", `export type X = import("../cli/x.ts").X;`],
    ["a type query on an import", `export type X = typeof import("../cli/x.ts");`],
    ["a bare import", `import "../cli/x.ts";`],
    ["a path that goes around", `import { x } from "./../engine/../cli/x.ts";`],
  ])("refuses %s from engine/ to cli/", (_what, text) => {
    const { problems } = checkLayers(project({ "engine/a.ts": `\n${text}\n` }));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^engine\/a\.ts:2: engine\/ may not import from cli\/ /);
  });

  it.each([
    ["schema/a.ts", "../engine/b.ts", "schema/ may not import from engine/"],
    ["schema/a.ts", "../cli/b.ts", "schema/ may not import from cli/"],
    ["cli/a.ts", "../test/support/b.ts", "cli/ may not import from test/"],
    ["engine/a.ts", "../examples/demo/b.mjs", "engine/ may not import from examples/"],
    ["engine/a.ts", "chokidar", "only engine/watch/ may import chokidar"],
    ["engine/watch/a.ts", "yaml", "only schema/ may import yaml"],
    ["engine/a.ts", "commander", "only cli/ may import commander"],
    ["engine/a.ts", "listr2", "only cli/ may import listr2"],
    [
      "engine/images/a.ts",
      "node:child_process",
      "only engine/docker/, engine/providers/ may import node:child_process",
    ],
    ["cli/a.ts", "node:net", "only engine/docker/ may import node:net"],
    ["engine/a.ts", "process", "only cli/ may import node:process"],
  ])("refuses, in %s, %s", (file, specifier, message) => {
    const { problems } = checkLayers(project({ [file]: `import * as it from "${specifier}";\n` }));
    expect(problems).toEqual([`${file}:1: ${message} ("${specifier}")`]);
  });
});
