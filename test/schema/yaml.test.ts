import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { LoadContext } from "../../schema/context.ts";
import type { Diagnostic } from "../../schema/diagnostic.ts";
import { parseYaml } from "../../schema/parse.ts";
import type { Printable } from "../../schema/print-json.ts";
import { printYaml } from "../../schema/print-yaml.ts";
import { toPlain } from "../../schema/tree.ts";
import { memoryFiles } from "./support.ts";

function parse(text: string): { values: unknown[]; problems: readonly Diagnostic[] } {
  const context = new LoadContext({ files: memoryFiles({}), cwd: "/", home: "/", env: {} });
  const documents = parseYaml({ path: "/f", text }, context);
  return { values: documents.map((doc) => toPlain(doc.root)), problems: context.diagnostics };
}

describe("reading YAML", () => {
  it.each([
    ["a: 1\nb:\n  - x\n  - y: 2\n    z: 3", { a: 1, b: ["x", { y: 2, z: 3 }] }],
    ["a:\n- 1\n- 2\nb: 3", { a: [1, 2], b: 3 }],
    ["a: [1, {b: c}, 'd']", { a: [1, { b: "c" }, "d"] }],
    ['{"a":1, b: }', { a: 1, b: null }],
    ["a: [/dev/a:, b:c:, x :]", { a: ["/dev/a:", "b:c:", "x :"] }],
    ["a: {b:, c: 1}", { a: { "b:": null, c: 1 } }],
    ["a: [? b, ? c : d]", { a: [{ b: null }, { c: "d" }] }],
    ["a: |\n  x\n   y\n\nb: >-\n  one\n  two\n\n  three", { a: "x\n y\n", b: "one two\nthree" }],
    ["a: one\n  two\n\n  three", { a: "one two\nthree" }],
    ['a: "x\\\n  y \\u0041\\n"', { a: "xy A\n" }],
    ["a: 'it''s'", { a: "it's" }],
    ["a: &x {k: 1}\nb: *x", { a: { k: 1 }, b: { k: 1 } }],
    ["base: &b {k: 1, l: 2}\nc:\n  <<: *b\n  k: 3", { base: { k: 1, l: 2 }, c: { k: 3, l: 2 } }],
    ["c:\n  <<: [{a: 1}, {a: 2, b: 3}]", { c: { a: 1, b: 3 } }],
    ["a: 0x1f\nb: 0o17\nc: 017\nd: 1_000\ne: 1e3\nf: .5", { a: 31, b: 15, c: 15, d: 1000, e: 1000, f: 0.5 }],
    ["a: yes\nb: 22:22\nc: 1.2.3\nd: ~", { a: "yes", b: "22:22", c: "1.2.3", d: null }],
    ["a: http://x:80/#y # note", { a: "http://x:80/#y" }],
    ["a: !!str 5\nb: !custom x", { a: "5", b: "x" }],
    ["# only\n---\na: 1\n...", { a: 1 }],
    ["a:\r\n  b: 1\r\n", { a: { b: 1 } }],
  ])("reads %j", (text, expected) => {
    expect(parse(text)).toEqual({ values: [expected], problems: [] });
  });

  it("reads several documents", () => {
    expect(parse("a: 1\n---\nb: 2\n").values).toEqual([{ a: 1 }, { b: 2 }]);
  });

  it.each([
    ["a:\n\tb: 1", "tab", "\t"],
    ["a: 'x", "not closed", "'x"],
    ["a: [1, 2\nb: 3", "not closed", "[1, 2"],
    ["a: [1, , 2]", "item is missing", ","],
    ["a: [http://x/?y]", 'expected "," or "]"', "?"],
    ["a: [b\n  : c]", "not closed", "[b"],
    ['a: "\\/"', "not an escape", "\\/"],
    ["2020-01-01: x", "must be a text", "2020-01-01"],
    ["a:\n    b: 1\n   c: 2", "indented by 3", "c: 2"],
    ["a: 1\nb", "colon", "b"],
    ["a: b: c", "in the middle of a value", ":"],
    ["a: *no", "no anchor", "*no"],
    ["a: @x", "cannot start", "@"],
    ["a: 1\na: 2", "already defined", "a"],
    ["1: x", "must be a text", "1"],
    ["<<: 5", "merge key", "5"],
    ["a: 'x' y", "cannot follow", "y"],
  ])("reports %j at its place", (text, message, at) => {
    const [problem] = parse(text).problems;
    expect(problem?.message).toContain(message);
    if (at !== undefined) expect(text.slice(problem?.range?.start, problem?.range?.end)).toBe(at);
  });

  it("refuses documents that aliases blow up, quickly", () => {
    const levels = Array.from(
      { length: 12 },
      (_, i) => `l${i + 1}: &l${i + 1} [${Array(9).fill(`*l${i}`).join(", ")}]`,
    );
    expect(parse(`l0: &l0 x\n${levels.join("\n")}\n`).problems[0]?.code).toBe("yaml-too-large");
  });

  it("refuses endless nesting and aliases to themselves", () => {
    expect(parse("[".repeat(20_000)).problems[0]?.code).toBe("yaml-syntax");
    expect(parse("a: &a\n  b: *a").problems[0]?.code).toBe("yaml-alias-cycle");
  });

  it("fails with a diagnostic, never otherwise", () => {
    const snippet = fc.constantFrom(
      "a",
      ": ",
      "\n",
      "  ",
      "- ",
      "'",
      '"',
      "[",
      "]",
      "{",
      "}",
      ",",
      "|",
      ">",
      "&x ",
      "*x",
      "#",
      "!t ",
      "? ",
      "---\n",
      "\t",
      "<<: ",
    );
    fc.assert(
      fc.property(fc.array(snippet, { maxLength: 30 }), (parts) => {
        const { values, problems } = parse(parts.join(""));
        return (
          values.length > 0 || problems.length > 0 || parts.join("").replace(/#.*|---|\.\.\.|\s/g, "") === ""
        );
      }),
    );
  });
});

describe("printing YAML", () => {
  const leaf = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.constantFrom("yes", "1:20", "null", "- a", "a: b", "x\ny\n", " x", "#", "0x1"),
  );
  const value = fc.letrec<{ any: unknown }>((tie) => ({
    any: fc.oneof(
      { depthSize: "small" },
      leaf,
      fc.array(tie("any"), { maxLength: 3 }),
      fc.dictionary(fc.string(), tie("any"), { maxKeys: 3 }),
    ),
  })).any;
  const printable = (data: unknown): Printable => {
    if (Array.isArray(data)) return data.map(printable);
    if (typeof data === "object" && data !== null)
      return new Map(Object.entries(data).map(([k, v]) => [k, printable(v)]));
    return data as Printable;
  };

  it("prints what other readers read back as the same value", () => {
    fc.assert(
      fc.property(value, (data) => {
        const text = printYaml(printable({ data }));
        const [doc] = parseAllDocuments(text, { uniqueKeys: false });
        expect(doc?.toJS()).toEqual(JSON.parse(JSON.stringify({ data })));
      }),
    );
  });
});
