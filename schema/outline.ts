/**
 * The stack schema as data, for messages and lint rules: which keys a place knows, which types it takes.
 *
 * The schema uses no `oneOf`: short and long forms differ in their JSON type, so each place has exactly one schema.
 */
import { outlineText } from "./generated/outline.js";
import type { StackPath } from "./model.ts";

export interface SchemaOutline {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, SchemaOutline>>;
  readonly patternProperties?: Readonly<Record<string, SchemaOutline>>;
  readonly additionalProperties?: boolean;
  readonly items?: SchemaOutline;
  readonly enum?: readonly unknown[];
  readonly required?: readonly string[];
  readonly definitions?: Readonly<Record<string, SchemaOutline>>;
}

let parsed: SchemaOutline | undefined;

/** The whole schema without descriptions. Parsed on first use: a correct file never needs it. */
export function outlineRoot(): SchemaOutline {
  parsed ??= JSON.parse(outlineText) as SchemaOutline;
  return parsed;
}

/** The schema that governs the value at a path, references resolved; undefined where anything is allowed. */
export function outlineAt(path: StackPath): SchemaOutline | undefined {
  let schema: SchemaOutline | undefined = outlineRoot();
  for (const step of path) {
    if (schema === undefined) return undefined;
    schema = typeof step === "number" ? resolve(schema.items) : member(schema, step);
  }
  return schema;
}

/** The keys that an object at this place knows by name. */
export function knownKeys(schema: SchemaOutline | undefined): readonly string[] {
  return Object.keys(schema?.properties ?? {});
}

/** The schema of one key of an object, references resolved. */
export function member(schema: SchemaOutline, key: string): SchemaOutline | undefined {
  const own =
    schema.properties !== undefined && Object.hasOwn(schema.properties, key)
      ? schema.properties[key]
      : undefined;
  if (own !== undefined) return resolve(own);
  for (const [pattern, inner] of Object.entries(schema.patternProperties ?? {})) {
    if (new RegExp(pattern, "u").test(key)) return resolve(inner);
  }
  return undefined;
}

/** Types that the place takes, in the schema's words. */
export function typesOf(schema: SchemaOutline | undefined): readonly string[] {
  const type = schema?.type ?? [];
  return typeof type === "string" ? [type] : type;
}

function resolve(schema: SchemaOutline | undefined): SchemaOutline | undefined {
  if (schema?.$ref === undefined) return schema;
  return resolve(outlineRoot().definitions?.[schema.$ref.slice("#/definitions/".length)]);
}
