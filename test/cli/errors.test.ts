import { describe, expect, it } from "vitest";
import { reportError } from "../../cli/errors.ts";
import { runCli } from "../../cli/run.ts";
import {
  AbortedError,
  BuildError,
  EngineUnreachableError,
  RefusedError,
  StackError,
} from "../../engine/error.ts";
import { fakeContext } from "./support/fake-context.ts";

describe("reportError", () => {
  it("says what is wrong and what to do", async () => {
    const context = fakeContext();
    expect(await reportError(new RefusedError("no", { hint: "say --yes" }), context)).toBe(1);
    expect(context.stderr.text()).toBe("error: no\nhint: say --yes\n");
  });

  it("lists every endpoint that was tried", async () => {
    const context = fakeContext();
    const tried = [
      { endpoint: "unix:///a.sock", reason: "not there" },
      { endpoint: "unix:///b.sock", reason: "permission denied" },
    ];
    await reportError(new EngineUnreachableError("no engine answers", tried), context);
    expect(context.stderr.text()).toBe(
      "error: no engine answers\n  tried unix:///a.sock: not there\n  tried unix:///b.sock: permission denied\n",
    );
  });

  it("shows the end of a failed build", async () => {
    const context = fakeContext();
    await reportError(new BuildError("RUN make failed", { tail: ["cc x.c", "x.c:1: error"] }), context);
    expect(context.stderr.text()).toBe("error: RUN make failed\n    | cc x.c\n    | x.c:1: error\n");
  });

  it("shows problems of the stack with their code", async () => {
    const context = fakeContext();
    const text = "services:\n  web: {imag: x}\n";
    const start = text.indexOf("imag");
    const problem = {
      severity: "error" as const,
      code: "unknown-key",
      message: 'unknown key "imag"',
      range: { file: "/work/compose.yaml", start, end: start + 4 },
      hint: 'did you mean "image"?',
    };
    await reportError(new StackError([problem], [{ path: "/work/compose.yaml", text }]), context);
    expect(context.stderr.text()).toContain("compose.yaml:2:9");
    expect(context.stderr.text()).toContain("web: {imag: x}");
    expect(context.stderr.text()).toContain('did you mean "image"?');
  });

  it("calls the unexpected a bug, and shows where it happened only when asked", async () => {
    const context = fakeContext();
    await reportError(new TypeError("x is undefined"), context);
    expect(context.stderr.text()).toMatch(/^error: x is undefined \(this is a bug in tcompose\)\nhint: /);
    expect(context.stderr.text()).not.toContain("errors.test.ts");
    const debugging = fakeContext([], { env: { TCOMPOSE_DEBUG: "1" } });
    await reportError(new TypeError("x is undefined"), debugging);
    expect(debugging.stderr.text()).toContain("errors.test.ts");
  });

  it("is silent about what an interrupt broke off", async () => {
    const context = fakeContext([], { interruptedWith: 130 });
    expect(await reportError(new AbortedError(), context)).toBe(130);
    expect(context.stderr.text()).toBe("");
  });

  it("speaks JSON when progress does", async () => {
    const context = fakeContext(["--progress", "json", "up"]);
    await reportError(new RefusedError("no"), context);
    expect(JSON.parse(context.stderr.text())).toEqual({
      type: "error",
      error: true,
      code: "refused",
      message: "no",
    });
  });
});

describe("runCli", () => {
  it("ends with 1 and a suggestion for a command that does not exist", async () => {
    const context = fakeContext(["lgos"]);
    expect(await runCli(context)).toBe(1);
    expect(context.stderr.text()).toBe('error: unknown command "lgos"\nhint: did you mean "logs"?\n');
  });

  it("prints its version on standard output", async () => {
    const context = fakeContext(["version", "--short"]);
    expect(await runCli(context)).toBe(0);
    expect(context.stdout.text()).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
