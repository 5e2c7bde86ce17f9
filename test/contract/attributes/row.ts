/** One attribute of the format: what is written, and what the engine then says about what it made. */
import type { Feature } from "../../../engine/docker/capabilities.ts";
import { member, outlineRoot, type SchemaOutline } from "../../../schema/outline.ts";

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

export interface Row {
  /** What is shown, unique in its group. */
  readonly name: string;
  /** Attributes of one service; absent where the row is about a top-level resource. */
  readonly service?: JsonObject;
  /** Top-level sections that the row needs. Their keys are unique in the group. */
  readonly top?: Partial<Record<"networks" | "volumes" | "configs" | "secrets" | "models", JsonObject>>;
  /** Part of `inspect` of the container; `PROJECT` and `DIR` stand for the project's name and directory. */
  readonly container?: JsonObject;
  /** Part of `inspect`, by key of the network or volume. */
  readonly network?: JsonObject;
  readonly volume?: JsonObject;
  /** Files of the container after its start: path to `text`, `mode` and owner. Starts the container. */
  readonly files?: Readonly<Record<string, FileFacts>>;
  /** Needs more than the oldest engine has. */
  readonly feature?: Feature;
  /** What the message calls it where the engine does not take it. */
  readonly attribute?: string;
  /** Instead of `container` where the feature is emulated or left out. */
  readonly otherwise?: JsonObject;
  /** Refused by every container engine, with a message that has this text. */
  readonly refused?: string;
  /** It is a program on this machine that is missing: the message need not name the engine. */
  readonly lacksProgram?: true;
  /** Left out by every container engine, with a warning that has these names. */
  readonly ignored?: readonly string[];
  /** The same, by Podman alone. */
  readonly ignoredByPodman?: readonly string[];
  /** The kernel or the engine's storage may lack it: the engine then leaves it out, or refuses with this. */
  readonly hostMayLack?: RegExp;
}

export interface FileFacts {
  readonly text: string;
  readonly mode?: string;
  readonly owner?: string;
}

const SECTIONS = {
  networks: "network",
  volumes: "volume",
  configs: "config",
  secrets: "secret",
  models: "model",
} as const;

/** Places of the schema that a row writes, e.g. `service.deploy.resources.limits.cpus`. */
export function writtenPlaces(row: Row): Set<string> {
  const places = new Set<string>();
  if (row.service !== undefined) collect(row.service, definition("service"), "service", places);
  for (const [section, entries] of Object.entries(row.top ?? {})) {
    const name = SECTIONS[section as keyof typeof SECTIONS];
    for (const entry of Object.values(entries ?? {})) collect(entry, definition(name), name, places);
  }
  return places;
}

/** Every place of a definition of the schema, extensions excepted. */
export function schemaPlaces(name: string): Set<string> {
  const places = new Set<string>();
  walkSchema(definition(name), name, places, new Set());
  return places;
}

function collect(value: Json, schema: SchemaOutline | undefined, place: string, places: Set<string>): void {
  if (schema === undefined || typeof value !== "object" || value === null) return;
  if (isList(value)) {
    for (const item of value) collect(item, resolved(schema.items), place, places);
    return;
  }
  for (const [key, inner] of Object.entries(value)) {
    const isNamed = Object.hasOwn(schema.properties ?? {}, key);
    const at = isNamed ? `${place}.${key}` : place;
    if (isNamed) places.add(at);
    collect(inner, member(schema, key), at, places);
  }
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function walkSchema(
  schema: SchemaOutline | undefined,
  place: string,
  places: Set<string>,
  seen: ReadonlySet<SchemaOutline>,
): void {
  if (schema === undefined || seen.has(schema)) return;
  const inside = new Set([...seen, schema]);
  for (const [key, inner] of Object.entries(schema.properties ?? {})) {
    if (key.startsWith("x-")) continue;
    places.add(`${place}.${key}`);
    walkSchema(resolved(inner), `${place}.${key}`, places, inside);
  }
  walkSchema(resolved(schema.items), place, places, inside);
  for (const [pattern, inner] of Object.entries(schema.patternProperties ?? {})) {
    if (pattern !== "^x-") walkSchema(resolved(inner), place, places, inside);
  }
}

function definition(name: string): SchemaOutline {
  return outlineRoot().definitions?.[name] ?? {};
}

function resolved(schema: SchemaOutline | undefined): SchemaOutline | undefined {
  const reference = schema?.$ref;
  return reference === undefined ? schema : definition(reference.slice("#/definitions/".length));
}
