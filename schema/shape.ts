/**
 * Shapes: the attributes of a part of the model, in the order in which it is printed, each with the reader that turns
 * a node into the canonical value. One table so serves reading, printing and hashing.
 */
import type { LoadContext } from "./context.ts";
import { pathText } from "./context.ts";
import type { JsonValue } from "./model.ts";
import type { MapNode, Node } from "./tree.ts";
import { isNull } from "./tree.ts";
import { valueWords } from "./words.ts";
import { timestampText } from "./yaml-scalar.ts";

export interface ReadWalk {
  readonly context: LoadContext;
  readonly path: (string | number)[];
}

/** A canonical value, or `undefined` where the value means the same as leaving the attribute out. */
export type Read = (node: Node, walk: ReadWalk) => JsonValue | undefined;

export interface Leaf {
  readonly kind: "leaf";
  readonly read: Read;
  /** Keys of a mapping value are printed in the order of the value, not sorted. */
  readonly ordered?: boolean;
  /** What is printed for a value of the model, in YAML or in JSON, where that is not the value itself. */
  readonly print?: Print;
}

export type Print = (value: JsonValue, yaml: boolean) => JsonValue;

export interface Field {
  readonly shape: Shape;
  /** Printed in JSON where the attribute is absent. */
  readonly json?: JsonValue;
  /** Known to the model, but no part of printed output. */
  readonly hidden?: boolean;
  /** The value in the model where the attribute is absent, which only an invalid stack lacks. */
  readonly required?: JsonValue;
  /** A number in the model that is printed as text. */
  readonly quoted?: boolean;
}

export interface ObjectShape {
  readonly kind: "object";
  readonly fields: ReadonlyMap<string, Field>;
  /** Values of attributes that the model has even where a stack lacks them. */
  readonly required: readonly (readonly [name: string, value: JsonValue])[];
}

/** A mapping with names as keys. `nullable`: a name without a value is kept as null. */
export interface RecordShape {
  readonly kind: "record";
  readonly of: Shape;
  readonly nullable: boolean;
}

export interface ListShape {
  readonly kind: "list";
  readonly of: Shape;
}

export type Shape = Leaf | ObjectShape | RecordShape | ListShape;

export function object(fields: Readonly<Record<string, Shape | Field>>): ObjectShape {
  const entries = Object.entries(fields).map(([name, field]): [string, Field] => [
    name,
    "kind" in field ? { shape: field } : field,
  ]);
  const required = entries.flatMap(([name, field]) =>
    field.required === undefined ? [] : [[name, field.required] as const],
  );
  return { kind: "object", fields: new Map(entries), required };
}

export function record(of: Shape, nullable = false): RecordShape {
  return { kind: "record", of, nullable };
}

export function list(of: Shape): ListShape {
  return { kind: "list", of };
}

export function leaf(read: Read): Leaf {
  return { kind: "leaf", read };
}

export function orderedLeaf(read: Read, print?: Print): Leaf {
  return { kind: "leaf", read, ordered: true, ...(print ? { print } : {}) };
}

export function readShape(shape: Shape, node: Node, walk: ReadWalk): JsonValue | undefined {
  switch (shape.kind) {
    case "leaf":
      return shape.read(node, walk);
    case "object":
      return node.kind === "map" ? readObject(shape, node, walk) : wrongType(node, "a mapping", walk);
    case "record":
      return node.kind === "map" ? readRecord(shape, node, walk) : wrongType(node, "a mapping", walk);
    case "list":
      return node.kind === "seq" ? readList(shape, node, walk) : wrongType(node, "a list", walk);
    default:
      return shape satisfies never;
  }
}

/** What a stack writes is little beside what it may write: its entries lead, not the fields. */
function readObject(shape: ObjectShape, node: MapNode, walk: ReadWalk): JsonValue {
  const result: Record<string, JsonValue> = {};
  node.entries.forEach(({ node: member }, name) => {
    const field = shape.fields.get(name);
    if (!field) {
      if (name.startsWith("x-")) result[name] = toJson(member);
      return;
    }
    if (isNull(member)) return;
    walk.path.push(name);
    const value = readShape(field.shape, member, walk);
    walk.path.pop();
    if (value !== undefined) result[name] = value;
  });
  for (const [name, value] of shape.required) result[name] ??= value;
  return result;
}

function readRecord(shape: RecordShape, node: MapNode, walk: ReadWalk): JsonValue | undefined {
  if (node.entries.size === 0) return undefined;
  const result = emptyRecord();
  for (const [key, entry] of node.entries) {
    // An extension beside the names of a section that is not one of names is none of them.
    if (isNull(entry.node)) {
      result[key] = shape.nullable ? null : {};
      continue;
    }
    walk.path.push(key);
    const value = readShape(shape.of, entry.node, walk);
    walk.path.pop();
    result[key] = value ?? (shape.nullable ? null : {});
  }
  return result;
}

function readList(shape: ListShape, node: Node & { kind: "seq" }, walk: ReadWalk): JsonValue | undefined {
  if (node.items.length === 0) return undefined;
  const result: JsonValue[] = [];
  for (const [index, item] of node.items.entries()) {
    walk.path.push(index);
    const value = isNull(item) ? undefined : readShape(shape.of, item, walk);
    walk.path.pop();
    if (value !== undefined) result.push(value);
    else if (shape.of.kind === "object") result.push({});
  }
  return result;
}

/** A mapping from names that a stack file chose: no inherited properties, so that no name is special. */
export function emptyRecord<T = JsonValue>(): Record<string, T> {
  return Object.create(null) as Record<string, T>;
}

function nodeWords(node: Node): string {
  if (node.kind === "scalar") return valueWords(node.value);
  return node.kind === "seq" ? "a list" : "a mapping";
}

export function wrongType(node: Node, expected: string, walk: ReadWalk): undefined {
  const path = pathText(walk.path);
  walk.context.reportNew({
    code: "invalid-type",
    message: `${path} must be ${expected}, found ${nodeWords(node)}`,
    path,
    range: node.at,
  });
  return undefined;
}

/** Any node as JSON, as it is written. */
export function toJson(node: Node): JsonValue {
  switch (node.kind) {
    case "scalar":
      if (node.type === "timestamp") return timestampText(String(node.value));
      return typeof node.value === "bigint" ? Number(node.value) : node.value;
    case "seq":
      return node.items.map(toJson);
    case "map": {
      const result = emptyRecord();
      for (const [key, entry] of node.entries) result[key] = toJson(entry.node);
      return result;
    }
    default:
      return node satisfies never;
  }
}
