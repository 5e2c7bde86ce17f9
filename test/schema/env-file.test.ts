import { describe, expect, it } from "vitest";
import { parseEnvFile, parseRawEnvFile } from "../../schema/env-file.ts";

function read(source: string, outer: Readonly<Record<string, string>> = {}): Record<string, string> {
  const parsed = parseEnvFile(source, (name) => outer[name]);
  expect(parsed.problems).toEqual([]);
  return Object.fromEntries([...parsed.entries].map(([key, entry]) => [key, entry.value]));
}

describe("parseEnvFile", () => {
  it.each([
    ["A=1", { A: "1" }],
    ["A: 1", { A: "1" }],
    ["export A=1", { A: "1" }],
    ["  A = 1  ", { A: "1" }],
    ["# note\n\nA=1 # note", { A: "1" }],
    ["A=1#2", { A: "1#2" }],
    ["A='x $B \\n'", { A: "x $B \\n" }],
    ['A="x\\ty\\n"', { A: "x\ty\n" }],
    ['A="two\nlines"', { A: "two\nlines" }],
    ["A='two\nlines'\nB=2", { A: "two\nlines", B: "2" }],
    ['A="\\$B"', { A: "$B" }],
    ["A=1\nB=${A}2", { A: "1", B: "12" }],
    ["A=\nB=${A:-d}", { A: "", B: "d" }],
    ["A.b-c[0]=1", { "A.b-c[0]": "1" }],
    ["A=1\r\nB=2\r\n", { A: "1", B: "2" }],
  ])("reads %j", (source, expected) => {
    expect(read(source)).toEqual(expected);
  });

  it("takes a name without a value from outside, or leaves it out", () => {
    expect(read("A\nB\n", { A: "outer" })).toEqual({ A: "outer" });
  });

  it("lets its own values win over those of files read before", () => {
    const earlier = (name: string): string => `${name} of an earlier file`;
    const { entries } = parseEnvFile("A=own\nA\nB=$A\nC=$X\nD\n", () => undefined, earlier);
    expect([...entries].map(([key, { value }]) => `${key}=${value}`)).toEqual([
      "A=own",
      "B=own",
      "C=X of an earlier file",
      "D=D of an earlier file",
    ]);
  });

  it("lets outer variables win over the file's own in references", () => {
    expect(read("A=file\nB=$A\n", { A: "outer" })).toEqual({ A: "file", B: "outer" });
  });

  it.each([
    ['A="open\nB=1', "not closed"],
    ["A B=1", "space"],
    ["A%=1", "unexpected character"],
    ["A=${", "invalid variable reference"],
  ])("reports %j at its place", (source, message) => {
    const [problem] = parseEnvFile(source, () => undefined).problems;
    expect(problem?.message).toContain(message);
    expect(problem?.start).toBeLessThan(problem?.end ?? 0);
  });

  it("knows where each value stands", () => {
    const source = "A=1\nB='two'\n";
    const entry = parseEnvFile(source, () => undefined).entries.get("B");
    expect(source.slice(entry?.start, entry?.end)).toBe("'two'");
  });
});

describe("parseRawEnvFile", () => {
  it("takes values as they are written", () => {
    const { entries } = parseRawEnvFile(`A="q" $B # x\n#c\nC\n`, (name) =>
      name === "C" ? "outer" : undefined,
    );
    expect([...entries].map(([key, entry]) => [key, entry.value])).toEqual([
      ["A", '"q" $B # x'],
      ["C", "outer"],
    ]);
  });
});
