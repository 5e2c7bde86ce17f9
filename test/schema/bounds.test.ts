import { describe, expect, it } from "vitest";
import { loadMemory, problems } from "./support.ts";

/** Lines of a mapping `services`. */
function services(count: number, body: (index: number) => string): string {
  return `services:\n${Array.from({ length: count }, (_, i) => `  s${i}: ${body(i)}\n`).join("")}`;
}

describe("what a file can make the loader say is bounded", () => {
  it.each([
    ["unknown keys", services(1000, () => "{image: a, imgae: b}")],
    ["services without anything", services(1000, () => "")],
    ["keys defined twice", `services:\n  web:\n    image: a\n${"    image: a\n".repeat(1000)}`],
    ["variables that are not set", services(1000, (i) => `{image: "a:$V${i}"}`)],
  ])("%s", (_name, text) => {
    const { diagnostics } = loadMemory(text);
    expect(diagnostics.length).toBeGreaterThanOrEqual(100);
    expect(diagnostics.length).toBeLessThanOrEqual(500);
  });

  it("warnings do not use up the room for an error of the same code", () => {
    const text = `include:\n${"  - {env_file: a}\n".repeat(600)}services: {web: {image: a, extends: {file: b}}}`;
    expect(problems(text).map((d) => d.code)).toContain("missing-key");
  });

  it("a long circle is cut in the middle", () => {
    const [circle] = problems(services(500, (i) => `{image: a, depends_on: [s${(i + 1) % 500}]}`));
    expect(circle?.message).toMatch(/^services depend .*: s0 -> s1 -> .* -> \(489 more\) -> s499 -> s0$/);
    expect(circle?.related?.length).toBeLessThan(20);
  });

  it("a quoted text with a million blanks is read", () => {
    const text = `services: {web: {image: a, command: ["x${" ".repeat(1_000_000)}y\n z"]}}`;
    const result = loadMemory(text);
    expect(result.ok && result.stack.services["web"]?.command?.[0]?.length).toBe(1_000_004);
  });

  it("more documents than a stack file could have are refused with a place", () => {
    const text = `services: {web: {image: a}}\n${"---\nx-a: 1\n".repeat(600)}`;
    const [problem, ...others] = problems(text);
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ code: "yaml-syntax", message: "the file has more than 500 documents" });
    expect(text.slice(problem?.range?.start, problem?.range?.end)).toBe("---");
  });

  it("more values than a stack could have are refused with a place", () => {
    const [problem] = problems(`services: {web: {image: a}}\nx-deep: [${"[],".repeat(1_000_000)}]\n`);
    expect(problem).toMatchObject({
      code: "yaml-syntax",
      message: expect.stringContaining("1000000 values"),
    });
    expect(problem?.range?.start).toBeGreaterThan(1_000_000);
  }, 60_000);
});
