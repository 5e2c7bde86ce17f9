/** A stack file as rules see it: its YAML with places, so that edits keep comments and layout. */
import {
  isMap,
  isScalar,
  isSeq,
  parseAllDocuments,
  type Document,
  type Node,
  type Pair,
  type Scalar,
} from "yaml";
import type { SourceFile, SourceRange } from "../diagnostic.ts";

export interface LintFile {
  readonly source: SourceFile;
  readonly documents: readonly Document.Parsed[];
}

export interface KeyedNode {
  readonly name: string;
  readonly key: Scalar;
  /** Null where nothing stands after the colon. */
  readonly value: Node | null;
}

/** The file's YAML, or undefined where it cannot be read as such; the loader says why. */
export function parseLintFile(source: SourceFile): LintFile | undefined {
  const documents = parseAllDocuments(source.text, {
    schema: "failsafe",
    merge: false,
    uniqueKeys: false,
    prettyErrors: false,
  });
  if (!Array.isArray(documents) || documents.some((document) => document.errors.length > 0)) return undefined;
  return { source, documents };
}

/** Keys and values of a mapping; keys that are no plain words are left out. */
export function* entriesOf(node: unknown): Generator<KeyedNode> {
  if (!isMap(node)) return;
  for (const pair of node.items as Pair<unknown, Node | null>[]) {
    if (isScalar(pair.key)) yield { name: String(pair.key.value), key: pair.key, value: pair.value };
  }
}

export function entryAt(node: unknown, name: string): KeyedNode | undefined {
  for (const entry of entriesOf(node)) {
    if (entry.name === name) return entry;
  }
  return undefined;
}

export function valueAt(node: unknown, name: string): Node | null | undefined {
  return entryAt(node, name)?.value;
}

/** Services of all documents of the file. */
export function* servicesOf(file: LintFile): Generator<KeyedNode> {
  for (const document of file.documents) yield* entriesOf(valueAt(document.contents, "services"));
}

/** The value of a scalar where it is text; rules read files with everything as text. */
export function textOf(node: unknown): string | undefined {
  return isScalar(node) && typeof node.value === "string" ? node.value : undefined;
}

export function itemsOf(node: unknown): readonly unknown[] {
  return isSeq(node) ? node.items : [];
}

/** The place of a node's own text, without the space and comments behind it. */
export function rangeOf(file: LintFile, node: Node): SourceRange {
  const [start = 0, end = start] = node.range ?? [];
  return { file: file.source.path, start, end };
}

/** A scalar that stands without quotes, tag or anchor, on one line. */
export function isPlainScalar(node: unknown): node is Scalar<string> {
  return isScalar(node) && node.type === "PLAIN" && node.tag === undefined && node.anchor === undefined;
}
