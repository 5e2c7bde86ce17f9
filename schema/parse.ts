/** YAML text to the loader's tree, one node a document, with every problem placed. */
import type { LoadContext } from "./context.ts";
import type { SourceFile, SourceRange } from "./diagnostic.ts";
import type { ParsedDocument, TaggedPath } from "./parsed-document.ts";
import type { MapEntry, MapNode, Node } from "./tree.ts";
import { map, scalar, seq } from "./tree.ts";
import { readDocuments } from "./yaml/documents.ts";
import type { RawMap, RawNode, RawScalar } from "./yaml/node.ts";
import { YamlSyntaxError } from "./yaml/node.ts";
import { valueWords } from "./words.ts";
import { parseInteger, resolvePlain } from "./yaml-scalar.ts";

/** Values that aliases may add to a document: each alias counts all that it stands for. */
const ALIASED_LIMIT = 300_000;
const DEPTH_LIMIT = 400;

interface Walk {
  readonly context: LoadContext;
  readonly source: SourceFile;
  readonly resets: TaggedPath[];
  readonly open: Set<RawNode>;
  readonly path: string[];
  /** Nodes inside of aliases seen so far. */
  aliased: number;
  insideAlias: number;
  stopped: boolean;
}

export function parseYaml(source: SourceFile, context: LoadContext): ParsedDocument[] {
  let raw: RawNode[];
  try {
    raw = readDocuments(source.text);
  } catch (error) {
    if (!(error instanceof YamlSyntaxError)) throw error;
    const range = { file: source.path, start: error.start, end: error.end };
    context.report({ code: "yaml-syntax", message: error.message, range, hint: error.hint });
    return [];
  }
  const documents: ParsedDocument[] = [];
  for (const node of raw) {
    const walk: Walk = {
      context,
      source,
      resets: [],
      open: new Set(),
      path: [],
      aliased: 0,
      insideAlias: 0,
      stopped: false,
    };
    const root = convert(walk, node, 0);
    if (root && !walk.stopped) documents.push({ root, resets: walk.resets });
  }
  return documents;
}

function rangeOf(walk: Walk, node: RawNode): SourceRange {
  return { file: walk.source.path, start: node.start, end: node.end };
}

function stop(walk: Walk, code: string, message: string, node: RawNode): undefined {
  if (!walk.stopped) walk.context.report({ code, message, range: rangeOf(walk, node) });
  walk.stopped = true;
  return undefined;
}

/** `undefined`: the node is reset away, or the document is given up. */
function convert(walk: Walk, node: RawNode, depth: number): Node | undefined {
  if (walk.stopped) return undefined;
  if (walk.insideAlias > 0) {
    walk.aliased += 1;
    if (walk.aliased > ALIASED_LIMIT)
      return stop(
        walk,
        "yaml-too-large",
        `aliases expand this document by more than ${ALIASED_LIMIT} values`,
        node,
      );
  }
  if (depth > DEPTH_LIMIT)
    return stop(walk, "yaml-too-deep", `values are nested more than ${DEPTH_LIMIT} levels deep`, node);
  if (node.kind === "alias") return convertAlias(walk, node, depth);
  if (node.tag === "!reset" && !isProjectName(walk, node)) {
    walk.resets.push([...walk.path]);
    return undefined;
  }
  if (node.tag === "!override") walk.resets.push([...walk.path]);
  if (node.kind === "scalar") return convertScalar(walk, node);
  walk.open.add(node);
  const result = node.kind === "seq" ? convertSeq(walk, node, depth) : convertMap(walk, node, depth);
  walk.open.delete(node);
  return result;
}

/** The project's name is read before anything is merged, so it cannot be reset. */
function isProjectName({ path }: Walk, node: RawNode): boolean {
  return path.length === 1 && path[0] === "name" && node.kind === "scalar" && node.value !== "";
}

function convertSeq(walk: Walk, node: RawNode & { kind: "seq" }, depth: number): Node {
  const items: Node[] = [];
  for (const [index, item] of node.items.entries()) {
    walk.path.push(String(index));
    const value = convert(walk, item, depth + 1);
    walk.path.pop();
    if (value) items.push(value);
  }
  return seq(items, rangeOf(walk, node));
}

function convertAlias(walk: Walk, node: RawNode & { kind: "alias" }, depth: number): Node | undefined {
  if (walk.open.has(node.target))
    return stop(walk, "yaml-alias-cycle", `the alias "*${node.name}" contains itself`, node);
  walk.insideAlias += 1;
  const result = convert(walk, node.target, depth + 1);
  walk.insideAlias -= 1;
  return result;
}

function convertScalar(walk: Walk, node: RawScalar): Node | undefined {
  const at = rangeOf(walk, node);
  if (node.tag !== undefined && node.tag !== "!") return convertTagged(walk, node, node.tag, at);
  if (!node.plain || node.tag === "!") return scalar(node.value, at);
  const resolved = resolvePlain(node.value);
  return resolved.type
    ? { kind: "scalar", at, value: resolved.value, type: resolved.type }
    : scalar(resolved.value, at);
}

/** Tags of YAML itself change what a text means; any other leaves a text. */
function convertTagged(walk: Walk, node: RawScalar, tag: string, at: SourceRange): Node | undefined {
  const resolved = resolvePlain(node.value);
  switch (tag) {
    case "!!int":
      if (parseInteger(node.value.replaceAll("_", "")) !== undefined) return scalar(resolved.value, at);
      break;
    case "!!float":
      if (typeof resolved.value === "number")
        return { kind: "scalar", at, value: resolved.value, type: "float" };
      break;
    case "!!bool":
      if (typeof resolved.value === "boolean") return scalar(resolved.value, at);
      break;
    case "!!null":
      if (resolved.value === null) return scalar(null, at);
      break;
    case "!!binary":
      return scalar(Buffer.from(node.value, "base64").toString("utf8"), at);
    default:
      return scalar(node.value, at);
  }
  walk.context.report({
    code: "yaml-tag",
    message: `"${node.value}" is no ${tag.slice(2)}, as its tag says`,
    range: at,
  });
  return scalar(node.value, at);
}

function convertMap(walk: Walk, node: RawMap, depth: number): MapNode | undefined {
  const entries = new Map<string, MapEntry>();
  const merges: MapEntry[] = [];
  for (const { key: keyNode, value: valueNode } of node.pairs) {
    const keyAt = rangeOf(walk, keyNode);
    const key = keyOf(walk, keyNode, keyAt);
    if (key === undefined) continue;
    const isMerge = isMergeKey(keyNode);
    const first = entries.get(key) ?? (isMerge ? merges[0] : undefined);
    if (first) {
      reportDuplicate(walk, key, keyAt, first.keyAt);
      continue;
    }
    if (isMerge) {
      const merged = convert(walk, valueNode, depth + 1);
      if (merged) merges.push({ keyAt: rangeOf(walk, valueNode), node: merged });
      continue;
    }
    walk.path.push(key);
    const value = convert(walk, valueNode, depth + 1);
    walk.path.pop();
    if (value) entries.set(key, { keyAt, node: value });
  }
  for (const merged of merges) mergeKey(walk, entries, merged);
  return map(entries, rangeOf(walk, node));
}

function reportDuplicate(walk: Walk, key: string, range: SourceRange, first: SourceRange): void {
  const related = [{ message: "first defined here", range: first }];
  walk.context.report({
    code: "duplicate-key",
    message: `the key "${key}" is already defined in this mapping`,
    range,
    related,
  });
}

/** The key's text; `undefined` where it is none, which is reported. */
function keyOf(walk: Walk, written: RawNode, range: SourceRange): string | undefined {
  const node = written.kind === "alias" ? written.target : written;
  if (node.kind !== "scalar") {
    walk.context.report({ code: "yaml-key", message: "a key must be a text", range });
    return undefined;
  }
  const resolved = resolvePlain(node.value);
  const isText =
    !node.plain ||
    node.tag !== undefined ||
    node.value === "<<" ||
    (typeof resolved.value === "string" && resolved.type === undefined);
  if (isText) return node.value;
  const shown = node.value === "" ? "nothing" : node.value;
  walk.context.report({
    code: "yaml-key",
    message: `a key must be a text, found ${shown}`,
    range,
    hint:
      walk.path.at(-2) === "ports"
        ? `no space stands behind the colon of a port: "${node.value}:..."`
        : `write it as "${node.value}"`,
  });
  return undefined;
}

function isMergeKey(node: RawNode): boolean {
  return (
    node.kind === "scalar" &&
    node.value === "<<" &&
    node.plain &&
    (node.tag === undefined || node.tag === "!!merge")
  );
}

/** Keys of the mapping itself win over merged ones, earlier sources over later ones. */
function mergeKey(walk: Walk, entries: Map<string, MapEntry>, { keyAt, node: merged }: MapEntry): void {
  for (const source of merged.kind === "seq" ? merged.items : [merged]) {
    if (source.kind !== "map") {
      const found = source.kind === "seq" ? "a list in a list" : valueWords(source.value);
      const message = `the merge key << takes a mapping or a list of mappings, found ${found}`;
      const isElsewhere = source.at.start < keyAt.start || source.at.end > keyAt.end;
      const related = isElsewhere ? [{ message: "what it stands for", range: source.at }] : [];
      walk.context.report({
        code: "yaml-merge-key",
        message,
        range: isElsewhere ? keyAt : source.at,
        related,
      });
      return;
    }
    for (const [key, entry] of source.entries) {
      if (!entries.has(key)) entries.set(key, entry);
    }
  }
}
