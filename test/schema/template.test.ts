import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { substitute, templateVariables } from "../../schema/template.ts";

const values: Readonly<Record<string, string>> = { SET: "set", EMPTY: "", OTHER: "other" };
const lookup = (name: string): string | undefined => values[name];
const text = (template: string): string => substitute(template, lookup).text;

describe("substitute", () => {
  it.each([
    ["$SET", "set"],
    ["${SET}", "set"],
    ["a${SET}b$OTHER", "asetbother"],
    ["$$SET", "$SET"],
    ["$$$SET", "$set"],
    ["${UNSET}", ""],
    ["${UNSET-d}", "d"],
    ["${EMPTY-d}", ""],
    ["${EMPTY:-d}", "d"],
    ["${SET:-d}", "set"],
    ["${SET+a}", "a"],
    ["${UNSET+a}", ""],
    ["${EMPTY+a}", "a"],
    ["${EMPTY:+a}", ""],
    ["${SET?e}", "set"],
    ["${UNSET:-${SET}}", "set"],
    ["${UNSET:-${NONE:-${OTHER}}}x", "otherx"],
    ['${UNSET:-{"a":1}}', '{"a":1}'],
    ["${SET:-a}}b", "set}b"],
    ["${UNSET:-http://h:80/?q-x}", "http://h:80/?q-x"],
    ["$1 and $", "$1 and $"],
  ])("turns %s into %s", (template, expected) => {
    expect(text(template)).toBe(expected);
  });

  it.each(["${", "${}", "${1}", "${A!}", "${A ?x}", "${UNSET:-a\nb}"])("calls %j invalid", (template) => {
    expect(substitute(template, lookup).problem?.kind).toBe("invalid");
  });

  it("names the required variable and its reason, with variables in the reason", () => {
    expect(substitute("${EMPTY:?set ${OTHER}}", lookup).problem).toEqual({
      kind: "required",
      name: "EMPTY",
      reason: "set other",
    });
    expect(substitute("${EMPTY?fine}", lookup).problem).toBeUndefined();
  });

  it("lists variables that are not set and have no default", () => {
    expect(substitute("$A ${B} ${C:-x} $SET", lookup).unset).toEqual(["A", "B"]);
  });

  it("leaves a text alone whose dollar signs are doubled", () => {
    fc.assert(fc.property(fc.string(), (value) => text(value.replaceAll("$", "$$$$")) === value));
  });

  it("never throws, whatever the text", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[${}A:?+\-\n ]*$/), (value) => typeof text(value) === "string"),
    );
  });
});

describe("templateVariables", () => {
  it("finds variables with defaults, also nested ones", () => {
    const found = templateVariables("${A:-${B}} ${C:?no} $D ${E:+x} $$F");
    const rows = found.map((v) => [v.name, v.defaultValue, v.presenceValue, v.required]);
    expect(rows.toSorted((a, b) => String(a[0]).localeCompare(String(b[0])))).toEqual([
      ["A", "${B}", "", false],
      ["B", "", "", false],
      ["C", "", "", true],
      ["D", "", "", false],
      ["E", "", "x", false],
    ]);
  });
});
