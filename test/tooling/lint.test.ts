import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";

/** A gate that checks nothing looks like one that finds nothing: each rule is shown to fire. */
const VIOLATIONS: Record<string, readonly [rule: string, text: string]> = {
  "engine/floating.ts": [
    "typescript(no-floating-promises)",
    `async function work(): Promise<void> {}\nexport function start(): void {\n  work();\n}\n`,
  ],
  "engine/switch.ts": [
    "typescript(switch-exhaustiveness-check)",
    `export function name(of: "a" | "b"): string {\n  switch (of) {\n    case "a":\n      return "A";\n  }\n  return "";\n}\n`,
  ],
  "engine/any.ts": ["typescript(no-explicit-any)", `export const value: any = 1;\n`],
  "engine/non-null.ts": [
    "typescript(no-non-null-assertion)",
    `export const first = (all: string[]): string => all[0]!;\n`,
  ],
  "engine/global.ts": ["eslint(no-restricted-globals)", `export const home = process.env["HOME"];\n`],
  "engine/print.ts": ["eslint(no-console)", `export const say = (): void => console.log("x");\n`],
  "engine/default.ts": ["import(no-default-export)", `export default 1;\n`],
  "engine/CamelCase.ts": ["unicorn(filename-case)", `export const a = 1;\n`],
  "engine/long.ts": ["eslint(max-lines)", "export {};\n".repeat(401)],
  "engine/cycle-a.ts": [
    "import(no-cycle)",
    `import type { B } from "./cycle-b.ts";\nexport interface A {\n  b: B;\n}\n`,
  ],
  "engine/cycle-b.ts": [
    "import(no-cycle)",
    `import type { A } from "./cycle-a.ts";\nexport interface B {\n  a: A;\n}\n`,
  ],
};

const TSCONFIG = {
  compilerOptions: { strict: true, module: "NodeNext", noEmit: true, allowImportingTsExtensions: true },
};
const top = resolve(import.meta.dirname, "../..");
const root = mkdtempSync(join(tmpdir(), "tcompose-lint-"));
afterAll(() => rmSync(root, { recursive: true }));

interface Finding {
  readonly code: string;
  readonly filename: string;
}

async function lint(): Promise<Finding[]> {
  const oxlint = join(top, "node_modules/oxlint/bin/oxlint");
  const text = await new Promise<string>((done) => {
    execFile(process.execPath, [oxlint, "-f", "json", "."], { cwd: root }, (_error, stdout) => done(stdout));
  });
  const report = JSON.parse(text) as { diagnostics: Finding[] };
  return report.diagnostics;
}

describe("the linter", () => {
  it("fires on each kind of violation, and on nothing else", async () => {
    copyFileSync(join(top, ".oxlintrc.json"), join(root, ".oxlintrc.json"));
    writeFileSync(join(root, "tsconfig.json"), JSON.stringify(TSCONFIG));
    writeFileSync(join(root, "package.json"), `{ "type": "module" }`);
    const sources = { ...VIOLATIONS, "cli/fine.ts": ["", `export const home = process.env["HOME"];\n`] };
    for (const [file, [, text]] of Object.entries(sources)) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), text ?? "");
    }
    const found = (await lint()).map(({ filename, code }) => `${filename} ${code}`);
    for (const [file, [rule]] of Object.entries(VIOLATIONS)) expect(found).toContain(`${file} ${rule}`);
    expect(found.filter((line) => line.startsWith("cli/"))).toEqual([]);
  });
});
