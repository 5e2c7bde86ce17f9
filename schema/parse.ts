/** YAML text to the loader's tree, one node a document, with every problem placed. */
import { isAlias, isMap, isScalar, isSeq, parseAllDocuments } from "yaml";
import type { Document, Node as YamlNode, Pair, YAMLMap } from "yaml";
import type { LoadContext } from "./context.ts";
import type { SourceFile, SourceRange } from "./diagnostic.ts";
import type { MapEntry, MapNode, Node } from "./tree.ts";
import { map, scalar, seq } from "./tree.ts";
import { resolvePlain } from "./yaml-scalar.ts";

/** Path of a value that the document marks with `!reset` or `!override`. */
export type TaggedPath = readonly string[];

export interface ParsedDocument {
  /** Absent where the document could not be read at all. */
  readonly root: Node;
  /** What a document before this one must lose before this one is merged over it. */
  readonly resets: readonly TaggedPath[];
}

const NODE_LIMIT = 300_000;
const DEPTH_LIMIT = 200;

interface Walk {
  readonly context: LoadContext;
  readonly source: SourceFile;
  readonly doc: Document.Parsed;
  readonly resets: TaggedPath[];
  readonly open: Set<YamlNode>;
  visits: number;
  stopped: boolean;
}

export function parseYaml(source: SourceFile, context: LoadContext): ParsedDocument[] {
  const parsed = parseAllDocuments(source.text, {
    schema: "failsafe",
    merge: false,
    uniqueKeys: false,
    prettyErrors: false,
    strict: true,
    keepSourceTokens: false,
  });
  if (!Array.isArray(parsed)) return [];
  const documents: ParsedDocument[] = [];
  for (const doc of parsed) {
    for (const error of doc.errors) {
      context.report({
        code: "yaml-syntax",
        message: error.message,
        range: { file: source.path, start: error.pos[0], end: Math.max(error.pos[1], error.pos[0]) },
      });
    }
    if (doc.errors.length > 0) continue;
    const walk: Walk = { context, source, doc, resets: [], open: new Set(), visits: 0, stopped: false };
    const root = convert(walk, doc.contents, [], 0);
    if (root && !walk.stopped) documents.push({ root, resets: walk.resets });
  }
  return documents;
}

function rangeOf(walk: Walk, node: YamlNode | null): SourceRange {
  const range = node?.range;
  return { file: walk.source.path, start: range?.[0] ?? 0, end: range?.[1] ?? range?.[0] ?? 0 };
}

function stop(walk: Walk, code: string, message: string, node: YamlNode): undefined {
  if (!walk.stopped) walk.context.report({ code, message, range: rangeOf(walk, node) });
  walk.stopped = true;
  return undefined;
}

/** `undefined`: the node is reset away, or the document is given up. */
function convert(walk: Walk, node: YamlNode | null, path: readonly string[], depth: number): Node | undefined {
  if (walk.stopped) return undefined;
  if (!node) return scalar(null, rangeOf(walk, node));
  walk.visits += 1;
  if (walk.visits > NODE_LIMIT && walk.visits > walk.source.text.length) {
    return stop(walk, "yaml-too-large", `aliases expand this document to more than ${NODE_LIMIT} values`, node);
  }
  if (depth > DEPTH_LIMIT) return stop(walk, "yaml-too-deep", `values are nested more than ${DEPTH_LIMIT} levels deep`, node);
  if (isAlias(node)) return convertAlias(walk, node, path, depth);
  const tag = (node as { tag?: string }).tag;
  if (tag === "!reset") {
    walk.resets.push(path);
    return undefined;
  }
  if (tag === "!override") walk.resets.push(path);
  if (isScalar(node)) return convertScalar(walk, node as YamlNode & { value: unknown; type?: string; source?: string; tag?: string });
  walk.open.add(node);
  let result: Node | undefined;
  if (isSeq(node)) {
    const items = node.items.map((item, i) => convert(walk, item as YamlNode | null, [...path, String(i)], depth + 1));
    result = seq(items.filter((item) => item !== undefined), rangeOf(walk, node));
  } else if (isMap(node)) {
    result = convertMap(walk, node, path, depth);
  }
  walk.open.delete(node);
  return result;
}

function convertAlias(walk: Walk, node: YamlNode & { source: string }, path: readonly string[], depth: number): Node | undefined {
  const target = (node as unknown as { resolve(doc: Document.Parsed): YamlNode | undefined }).resolve(walk.doc);
  if (!target) return stop(walk, "yaml-unknown-alias", `there is no anchor named "${node.source}"`, node);
  if (walk.open.has(target)) return stop(walk, "yaml-alias-cycle", `the alias "*${node.source}" contains itself`, node);
  return convert(walk, target, path, depth + 1);
}

function convertScalar(walk: Walk, node: YamlNode & { value: unknown; type?: string; source?: string; tag?: string }): Node {
  const at = rangeOf(walk, node);
  const source = node.source ?? String(node.value ?? "");
  if (node.type !== "PLAIN" || (node.tag !== undefined && node.tag !== "tag:yaml.org,2002:str" && node.tag.startsWith("!"))) {
    return scalar(typeof node.value === "string" ? node.value : source, at);
  }
  const resolved = resolvePlain(source);
  return resolved.type ? { kind: "scalar", at, value: resolved.value, type: resolved.type } : scalar(resolved.value, at);
}

function convertMap(walk: Walk, node: YAMLMap, path: readonly string[], depth: number): MapNode | undefined {
  const entries = new Map<string, MapEntry>();
  const seen = new Map<string, SourceRange>();
  const merges: Node[] = [];
  for (const pair of node.items as Pair<YamlNode, YamlNode | null>[]) {
    const keyAt = rangeOf(walk, pair.key);
    if (!isScalar(pair.key)) {
      walk.context.report({ code: "yaml-key", message: "a key must be a string", range: keyAt });
      continue;
    }
    const key = String((pair.key as { source?: string }).source ?? pair.key.value ?? "");
    const tag = (pair.key as { tag?: string }).tag;
    const merge = key === "<<" && pair.key.type === "PLAIN" && (tag === undefined || tag === "tag:yaml.org,2002:merge");
    const plain = pair.key.type === "PLAIN" && tag === undefined;
    const first = seen.get(key);
    if (first) {
      walk.context.report({
        code: "duplicate-key",
        message: `the key "${key}" is already defined in this mapping`,
        range: keyAt,
        related: [{ message: "first defined here", range: first }],
      });
      continue;
    }
    seen.set(key, keyAt);
    if (merge) {
      const merged = convert(walk, pair.value, path, depth + 1);
      if (merged) merges.push(merged);
      continue;
    }
    if (plain && typeof resolvePlain(key).value !== "string") {
      walk.context.report({ code: "yaml-key", message: `a key must be a string, found ${key}`, range: keyAt, hint: `write it as "${key}"` });
      continue;
    }
    const value = convert(walk, pair.value, [...path, key], depth + 1);
    if (value) entries.set(key, { keyAt, node: value });
  }
  for (const merged of merges) mergeKey(walk, entries, merged);
  return map(entries, rangeOf(walk, node));
}

function mergeKey(walk: Walk, entries: Map<string, MapEntry>, merged: Node): void {
  for (const source of merged.kind === "seq" ? merged.items : [merged]) {
    if (source.kind !== "map") {
      walk.context.report({
        code: "yaml-merge-key",
        message: "the merge key << takes a mapping or a list of mappings",
        range: source.at,
      });
      return;
    }
    for (const [key, entry] of source.entries) {
      if (!entries.has(key)) entries.set(key, entry);
    }
  }
}
