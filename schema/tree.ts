/**
 * The loader's own document tree: every node knows where its text stands, so that ranges survive interpolation,
 * extends, include and merge. Nodes are never changed in place (aliases share them); a transformation makes new ones.
 */
import type { SourceRange } from "./diagnostic.ts";

/** `bigint` only where an integer does not fit a double exactly. */
export type ScalarValue = string | number | bigint | boolean | null;

export interface ScalarNode {
  readonly kind: "scalar";
  readonly at: SourceRange;
  readonly value: ScalarValue;
  /** What the text was resolved to, where the value alone does not tell: `1.0` is a float, `2001-01-01` a date. */
  readonly type?: "float" | "timestamp";
}

export interface SeqNode {
  readonly kind: "seq";
  readonly at: SourceRange;
  readonly items: readonly Node[];
}

export interface MapEntry {
  readonly keyAt: SourceRange;
  readonly node: Node;
}

export interface MapNode {
  readonly kind: "map";
  readonly at: SourceRange;
  readonly entries: ReadonlyMap<string, MapEntry>;
}

export type Node = ScalarNode | SeqNode | MapNode;

export function scalar(value: ScalarValue, at: SourceRange): ScalarNode {
  return { kind: "scalar", at, value };
}

export function seq(items: readonly Node[], at: SourceRange): SeqNode {
  return { kind: "seq", at, items };
}

export function map(entries: ReadonlyMap<string, MapEntry>, at: SourceRange): MapNode {
  return { kind: "map", at, entries };
}

/** A map of synthetic entries: all stand where `at` stands. */
export function mapOf(values: Readonly<Record<string, Node | undefined>>, at: SourceRange): MapNode {
  const entries = new Map<string, MapEntry>();
  for (const [key, node] of Object.entries(values)) {
    if (node) entries.set(key, { keyAt: at, node });
  }
  return map(entries, at);
}

export function child(node: Node | undefined, key: string): Node | undefined {
  return node?.kind === "map" ? node.entries.get(key)?.node : undefined;
}

export function childMap(node: Node | undefined, key: string): MapNode | undefined {
  const value = child(node, key);
  return value?.kind === "map" ? value : undefined;
}

/** The text of a string scalar. */
export function text(node: Node | undefined): string | undefined {
  return node?.kind === "scalar" && typeof node.value === "string" ? node.value : undefined;
}

export function isNull(node: Node): boolean {
  return node.kind === "scalar" && node.value === null;
}

/** The map with one entry set; an existing key keeps its place and key range. */
export function withChild(node: MapNode, key: string, value: Node): MapNode {
  const entries = new Map(node.entries);
  entries.set(key, { keyAt: node.entries.get(key)?.keyAt ?? value.at, node: value });
  return map(entries, node.at);
}

export function withoutChild(node: MapNode, key: string): MapNode {
  if (!node.entries.has(key)) return node;
  const entries = new Map(node.entries);
  entries.delete(key);
  return map(entries, node.at);
}

/** The map with every value transformed; `undefined` drops the entry. Returns the same node when nothing changed. */
export function mapValues(node: MapNode, transform: (value: Node, key: string) => Node | undefined): MapNode {
  let changed: Map<string, MapEntry> | undefined;
  node.entries.forEach((entry, key) => {
    const next = transform(entry.node, key);
    if (next === entry.node) return;
    changed ??= new Map(node.entries);
    if (next) changed.set(key, { keyAt: entry.keyAt, node: next });
    else changed.delete(key);
  });
  return changed ? map(changed, node.at) : node;
}

/** The sequence with every item transformed. Returns the same node when nothing changed. */
export function mapItems(node: SeqNode, transform: (value: Node, index: number) => Node): SeqNode {
  let changed: Node[] | undefined;
  for (let i = 0; i < node.items.length; i += 1) {
    const item = node.items[i] as Node;
    const next = transform(item, i);
    if (next === item) continue;
    changed ??= [...node.items];
    changed[i] = next;
  }
  return changed ? seq(changed, node.at) : node;
}

/** Same value, wherever written. Order of keys does not matter. */
export function sameValue(a: Node, b: Node): boolean {
  if (a === b) return true;
  if (a.kind === "scalar") return b.kind === "scalar" && a.value === b.value;
  if (a.kind === "seq") {
    return (
      b.kind === "seq" &&
      a.items.length === b.items.length &&
      a.items.every((item, i) => sameValue(item, b.items[i] as Node))
    );
  }
  if (b.kind !== "map" || a.entries.size !== b.entries.size) return false;
  for (const [key, entry] of a.entries) {
    const other = b.entries.get(key);
    if (!other || !sameValue(entry.node, other.node)) return false;
  }
  return true;
}

/** Plain JavaScript value, for the schema validator. */
export function toPlain(node: Node): unknown {
  switch (node.kind) {
    case "scalar":
      // A date is neither text nor number, and fits nowhere but into extensions.
      if (node.type === "timestamp") return Symbol(String(node.value));
      return typeof node.value === "bigint" ? Number(node.value) : node.value;
    case "seq":
      return node.items.map(toPlain);
    case "map": {
      const result: Record<string, unknown> = {};
      for (const [key, entry] of node.entries) {
        if (key === "__proto__")
          Object.defineProperty(result, key, { value: toPlain(entry.node), enumerable: true });
        else result[key] = toPlain(entry.node);
      }
      return result;
    }
    default:
      return node satisfies never;
  }
}
