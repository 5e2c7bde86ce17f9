import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { run } from "../../../cli/commands/lint.ts";
import type { CliContext } from "../../../cli/context.ts";
import type { Output } from "../../../cli/output.ts";

const STACK = `version: "3"
services:
  web:
    image: nginx
    ports:
      - 80:80 # http
`;

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tcompose-lint-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function write(text: string): void {
  writeFileSync(join(folder, "compose.yaml"), text);
}

async function lintFolder(
  flags: Readonly<Record<string, unknown>> = {},
): Promise<{ code: number; out: string; err: string }> {
  const out = { text: "" };
  const err = { text: "" };
  const output = (to: { text: string }): Pick<Output, "isTTY" | "columns" | "write"> => ({
    isTTY: false,
    columns: () => undefined,
    write: (text) => void (to.text += typeof text === "string" ? text : ""),
  });
  const context = { argv: [], env: {}, cwd: folder, home: folder, stdout: output(out), stderr: output(err) };
  const code = await run({
    context: context as unknown as CliContext,
    globals: {},
    args: [],
    flags: { format: "text", ...flags },
  });
  return { code, out: out.text, err: err.text };
}

describe("tcompose lint", () => {
  it("says nothing and succeeds where nothing is wrong", async () => {
    write("services:\n  web:\n    image: nginx:1.27\n");
    expect(await lintFolder({ strict: true })).toEqual({ code: 0, out: "", err: "" });
  });

  it("shows warnings, which fail only when asked", async () => {
    write(STACK);
    const { code, out } = await lintFolder();
    expect(code).toBe(0);
    expect(out).toContain("warning[obsolete-version]");
    expect(out).toContain("--> compose.yaml:6:9");
    expect((await lintFolder({ strict: true })).code).toBe(1);
  });

  it("fails on errors", async () => {
    write("services:\n  web:\n    imge: nginx\n");
    const { code, out } = await lintFolder();
    expect(code).toBe(1);
    expect(out).toContain('did you mean "image"?');
  });

  it("mends files in place and shows what is left", async () => {
    write(STACK);
    const { err, out } = await lintFolder({ fix: true });
    expect(readFileSync(join(folder, "compose.yaml"), "utf8")).toBe(
      'services:\n  web:\n    image: nginx\n    ports:\n      - "80:80" # http\n',
    );
    expect(err).toContain("fixed 2 problems in compose.yaml");
    expect(out).toContain("unpinned-image");
    expect(out).not.toContain("obsolete-version");
  });

  it("speaks JSON and SARIF", async () => {
    write(STACK);
    const json = JSON.parse((await lintFolder({ format: "json" })).out) as { diagnostics: unknown[] };
    expect(json.diagnostics).toContainEqual(
      expect.objectContaining({
        code: "unquoted-port",
        place: expect.objectContaining({ start: { line: 6, column: 9 } }) as unknown,
      }),
    );
    const sarif = JSON.parse((await lintFolder({ format: "sarif" })).out) as { version: string };
    expect(sarif.version).toBe("2.1.0");
  });

  it("tells about its rules", async () => {
    const { out } = await lintFolder({ rules: true });
    expect(out).toContain("unquoted-port (warning, --fix)");
  });
});
