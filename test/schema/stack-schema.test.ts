import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { validate } from "../../schema/generated/validator.js";
import { outlineRoot, type SchemaOutline } from "../../schema/outline.ts";

type Described = SchemaOutline & { readonly description?: string };

const text = readFileSync(new URL("../../schema/stack.schema.json", import.meta.url), "utf8");
const schema = JSON.parse(text) as Described;

describe("stack.schema.json", () => {
  it("is the bundle that the validator was made from", () => {
    expect(withoutTexts(schema)).toEqual(withoutTexts(outlineRoot()));
  });

  it("is a valid schema, and every reference leads somewhere", () => {
    const compiled = new Ajv({ strict: false }).compile(schema);
    expect(compiled({ services: { web: { image: "x" } } })).toBe(true);
  });

  it("describes every attribute", () => {
    expect(undescribed(schema, "")).toEqual([]);
  });

  it("has no definition that nothing uses", () => {
    const unused = Object.keys(schema.definitions ?? {}).filter(
      (name) => !text.includes(`"#/definitions/${name}"`),
    );
    expect(unused).toEqual([]);
  });
});

describe("the generated validator", () => {
  it("never trips over names that every object inherits", () => {
    expect(validate(JSON.parse('{"services":{"constructor":{"image":"x"},"toString":{"image":"x"}}}'))).toBe(
      true,
    );
    expect(validate({ services: { web: { constructor: 1 } } })).toBe(false);
    expect(validate(JSON.parse('{"services":{"web":{"__proto__":1}}}'))).toBe(false);
  });
});

/** Paths of attributes without a description, their own or that of what they refer to. */
function undescribed(node: Described, path: string): string[] {
  const missing: string[] = [];
  for (const [name, inner] of Object.entries(node.properties ?? {}) as [string, Described][]) {
    const target =
      inner.$ref === undefined ? inner : (schema.definitions?.[inner.$ref.slice(14)] as Described);
    if ((inner.description ?? target.description) === undefined) missing.push(`${path}.${name}`);
    missing.push(...undescribed(inner, `${path}.${name}`));
  }
  if (node.items) missing.push(...undescribed(node.items, `${path}[]`));
  for (const inner of Object.values(node.patternProperties ?? {}))
    missing.push(...undescribed(inner, `${path}.*`));
  for (const [name, inner] of Object.entries(node.definitions ?? {}))
    missing.push(...undescribed(inner, name));
  return missing;
}

function withoutTexts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutTexts);
  if (value === null || typeof value !== "object") return value;
  const kept = Object.entries(value).filter(([key, inner]) => {
    const isText = typeof inner === "string" && (key === "description" || key === "title");
    return !isText && !["examples", "default", "deprecated", "uniqueItems"].includes(key);
  });
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutTexts(inner)]));
}
