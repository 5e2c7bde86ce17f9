/** The model's types and the JSON Schema list the same attributes: neither can gain or lose one alone. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { outlineRoot, type SchemaOutline } from "../../schema/outline.ts";

type Members = Map<string, Members>;

const MODEL = interfacesOf(readFileSync(new URL("../../schema/model.ts", import.meta.url), "utf8"));
const DEFINITIONS = outlineRoot().definitions ?? {};

interface Pair {
  readonly type: string;
  /** Definitions that the type stands for. */
  readonly schemas: readonly string[];
  /** Only written: loading turns it into something else. */
  readonly writtenOnly?: readonly string[];
  /** Only in the model: loading adds it. */
  readonly modelOnly?: readonly string[];
}

const PAIRS: readonly Pair[] = [
  { type: "Service", schemas: ["service"], writtenOnly: ["pull_refresh_after"] },
  { type: "Build", schemas: ["build"] },
  { type: "Deploy", schemas: ["deploy"] },
  { type: "Healthcheck", schemas: ["healthcheck"] },
  { type: "Hook", schemas: ["hook", "startHook"] },
  { type: "DeviceRequest", schemas: ["deviceRequests[]"] },
  { type: "DeviceRequest", schemas: ["gpus[]"] },
  { type: "Dependency", schemas: ["dependencies.*"] },
  { type: "Port", schemas: ["port"] },
  { type: "Mount", schemas: ["mount"] },
  { type: "FileReference", schemas: ["fileReferences[]"] },
  { type: "ServiceNetwork", schemas: ["serviceNetwork"] },
  { type: "WatchRule", schemas: ["develop.watch[]"] },
  { type: "BlkioConfig", schemas: ["service.blkio_config"] },
  { type: "Network", schemas: ["network"] },
  { type: "IpamPool", schemas: ["ipam.config[]"] },
  { type: "Volume", schemas: ["volume"] },
  // The value that `environment` names is kept as content for secrets too.
  { type: "FileObject", schemas: ["config", "secret"] },
  { type: "Model", schemas: ["model"] },
];

describe("model.ts and the schema", () => {
  it.each(PAIRS.map((pair) => [pair.type, pair.schemas.join(" + "), pair] as const))(
    "%s is %s",
    (_type, _schemas, pair) => {
      const members = MODEL.get(pair.type);
      const written = new Set(pair.schemas.flatMap((place) => attributes(schemaAt(place))));
      const modelled = [...(members?.keys() ?? [])].filter((name) => !pair.modelOnly?.includes(name));
      expect(modelled.toSorted()).toEqual(
        [...written].filter((name) => !pair.writtenOnly?.includes(name)).toSorted(),
      );
    },
  );

  it("agree on mappings inside", () => {
    const inner = PAIRS.flatMap((pair) =>
      [...(MODEL.get(pair.type) ?? [])].map(([name, members]) => ({ pair, name, members })),
    );
    const nested = inner.filter(({ members }) => members.size > 0);
    expect(nested.length).toBeGreaterThan(5);
    for (const { pair, name, members } of nested)
      compareNested(members, schemaAt(`${pair.schemas[0]}.${name}`), `${pair.type}.${name}`);
  });

  it("agree on which sections a stack has", () => {
    const sections = Object.keys(outlineRoot().properties ?? {}).filter((name) => !name.startsWith("x-"));
    // `version` means nothing, and `include` is gone once it is carried out.
    const kept = sections.filter((name) => name !== "version" && name !== "include");
    expect([...(MODEL.get("Stack")?.keys() ?? [])]).toEqual(expect.arrayContaining(kept));
  });
});

/** Model attributes that are spelt with capitals, as the peer prints them, are the same attribute. */
function compareNested(members: Members, schema: SchemaOutline, place: string): void {
  const holders = [schema, resolved(schema.items) ?? {}, firstPattern(schema)];
  const holder = holders.find((one) => attributes(one).length > 0) ?? {};
  const names = [...members.keys()].map((name) => name.toLowerCase());
  expect({ place, names: names.toSorted() }).toEqual({ place, names: attributes(holder).toSorted() });
  for (const [name, inner] of members) {
    const next = resolved(holder.properties?.[name]);
    if (inner.size > 0 && next !== undefined) compareNested(inner, next, `${place}.${name}`);
  }
}

function attributes(schema: SchemaOutline): string[] {
  return Object.keys(schema.properties ?? {}).filter((name) => !name.startsWith("x-"));
}

/** `build`, `develop.watch[]`, `dependencies.*`: a definition and the way into it. */
function schemaAt(place: string): SchemaOutline {
  const [first = "", ...steps] = place.split(/\.|(?=\[\])/);
  let schema = DEFINITIONS[first];
  for (const step of steps) {
    if (step === "[]") schema = resolved(schema?.items);
    else if (step === "*") schema = schema && firstPattern(schema);
    else schema = resolved(schema?.properties?.[step]);
  }
  if (schema === undefined) throw new Error(`the schema has no ${place}`);
  return schema;
}

function firstPattern(schema: SchemaOutline): SchemaOutline {
  const [pattern] = Object.entries(schema.patternProperties ?? {}).filter(([name]) => name !== "^x-");
  return resolved(pattern?.[1]) ?? {};
}

function resolved(schema: SchemaOutline | undefined): SchemaOutline | undefined {
  return schema?.$ref === undefined ? schema : DEFINITIONS[schema.$ref.slice("#/definitions/".length)];
}

/** Members of each exported interface, those of types written inline below them. */
function interfacesOf(text: string): Map<string, Members> {
  const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
  const found = new Map<string, Members>();
  for (const match of code.matchAll(/export interface (\w+) \{/g)) {
    found.set(match[1] ?? "", membersFrom(code.slice(match.index + match[0].length)));
  }
  return found;
}

function membersFrom(code: string): Members {
  const root: Members = new Map();
  const open: Members[] = [root];
  let last: Members = root;
  for (const [token, name] of code.matchAll(/readonly (\w+)\??:|\{|\}/g)) {
    if (token === "{") open.push(last);
    else if (token === "}") {
      open.pop();
      if (open.length === 0) break;
    } else if (name !== undefined) {
      last = new Map();
      open.at(-1)?.set(name, last);
    }
  }
  return root;
}
