/** Block collections: structure by indentation. */
import { readBlockScalar } from "./block-scalar.ts";
import { checkPlainStart, readAlias, readFlowContent } from "./flow.ts";
import type { Properties, RawMap, RawNode, RawScalar, RawSeq } from "./node.ts";
import { isBlank, isBreak, type Reader } from "./reader.ts";
import { lineEnd, readPlain } from "./scalar.ts";

const DASH = 0x2d;
const COLON = 0x3a;
const QUESTION = 0x3f;
const KEY_LIMIT = 1024;

/**
 * The node at the position, which is a token deeper than `indent`. `inline`: behind a key on its line, where no
 * mapping or sequence can start.
 */
export function readBlockNode(reader: Reader, indent: number, inline: boolean): RawNode {
  reader.enter();
  reader.countValue();
  const properties = reader.readProperties();
  let node: RawNode;
  if (
    properties &&
    (reader.pos >= reader.length || isBreak(reader.at(reader.pos)) || reader.at(reader.pos) === 0x23)
  ) {
    node = readBehindProperties(reader, indent, properties);
  } else node = readContent(reader, indent, inline, properties);
  reader.leave();
  return node;
}

/** Anchor and tag stand alone on their line: the node follows on the next ones. */
function readBehindProperties(reader: Reader, indent: number, properties: Properties): RawNode {
  const end = reader.pos;
  reader.skipToToken(indent);
  const isSequence = isEntry(reader) && reader.column === indent;
  if (reader.pos >= reader.length || reader.atDocumentMark() || (reader.column <= indent && !isSequence)) {
    const empty: RawScalar = { kind: "scalar", start: end, end, value: "", plain: true, tag: properties.tag };
    if (properties.anchor !== undefined) reader.anchors.set(properties.anchor, empty);
    return empty;
  }
  const inner = reader.readProperties();
  if (!inner) return readContent(reader, isSequence ? indent - 1 : indent, false, properties);
  // Properties on the line of the content belong to the first key of a mapping.
  reader.pos = inner.start;
  return readContent(reader, indent, false, properties);
}

function isEntry(reader: Reader): boolean {
  return reader.at(reader.pos) === DASH && isBlank(reader.at(reader.pos + 1));
}

function readContent(
  reader: Reader,
  indent: number,
  inline: boolean,
  properties: Properties | undefined,
): RawNode {
  const code = reader.at(reader.pos);
  if (code === DASH && isBlank(reader.at(reader.pos + 1))) {
    if (inline || (properties && reader.lineStart <= properties.start)) {
      reader.fail(
        "a list item cannot start here",
        reader.pos,
        reader.pos + 1,
        "start the list on the next line",
      );
    }
    return readSeq(reader, indent, properties);
  }
  if (code === 0x7c || code === 0x3e) {
    const start = reader.pos;
    const { value, end } = readBlockScalar(reader, indent);
    return register(
      reader,
      { kind: "scalar", start, end, value, plain: false, tag: properties?.tag },
      properties,
    );
  }
  if (code === QUESTION && isBlank(reader.at(reader.pos + 1)))
    return readMap(reader, indent, properties, undefined);
  const start = reader.pos;
  const lineStart = reader.lineStart;
  const onOwnLine = properties !== undefined && properties.start < lineStart;
  const keyProperties = onOwnLine ? reader.readProperties() : undefined;
  const scalar = readSimple(reader, indent, onOwnLine ? keyProperties : properties);
  if (!isKeyColon(reader, lineStart, start))
    return onOwnLine ? withProperties(reader, scalar, properties) : scalar;
  if (inline) failNestedMapping(reader, start);
  if (reader.pos - start > KEY_LIMIT)
    reader.fail(`a key is longer than ${KEY_LIMIT} characters`, start, start + 40);
  // Properties on the key's line are the key's; on a line of their own they are the mapping's.
  return readMap(reader, indent, onOwnLine ? properties : undefined, {
    node: scalar,
    column: (keyProperties?.start ?? (onOwnLine ? start : (properties?.start ?? start))) - lineStart,
  });
}

function withProperties(reader: Reader, node: RawNode, properties: Properties): RawNode {
  const tagged =
    properties.tag !== undefined && node.kind !== "alias"
      ? ({ ...node, tag: properties.tag } as RawNode)
      : node;
  return register(reader, tagged, properties);
}

function register(reader: Reader, node: RawNode, properties: Properties | undefined): RawNode {
  if (properties?.anchor !== undefined) reader.anchors.set(properties.anchor, node);
  return node;
}

/** A scalar, an alias or a flow collection: what can be a key. */
function readSimple(reader: Reader, indent: number, properties: Properties | undefined): RawNode {
  const start = reader.pos;
  const code = reader.at(start);
  if (code === 0x2a) {
    if (properties) reader.fail("an alias has neither anchor nor tag of its own", start);
    return readAlias(reader);
  }
  if (code === 0x5b || code === 0x7b || code === 0x22 || code === 0x27) {
    const node = register(reader, readFlowContent(reader, properties?.tag, properties?.anchor), properties);
    checkBehind(reader, node);
    return node;
  }
  if (code === COLON && isBlank(reader.at(start + 1)))
    return { kind: "scalar", start, end: start, value: "", plain: true };
  checkPlainStart(reader, false);
  const { value, end } = readPlain(reader, indent, false);
  return register(
    reader,
    { kind: "scalar", start, end, value, plain: true, tag: properties?.tag },
    properties,
  );
}

/** Only a comment, a colon or the end of the line can follow a quoted text or a bracket. */
function checkBehind(reader: Reader, node: RawNode): void {
  const end = reader.pos;
  reader.skipSpaces();
  const code = reader.at(reader.pos);
  if (
    code === -1 ||
    isBreak(code) ||
    code === 0x23 ||
    (code === COLON && isBlank(reader.at(reader.pos + 1)))
  ) {
    if (code !== COLON) reader.pos = end;
    return;
  }
  if (node.kind === "scalar") failAtOpenQuote(reader, node.start, end);
  const what = node.kind === "scalar" ? "a quoted text" : "a closing bracket";
  reader.fail(
    `text cannot follow ${what} on the same line`,
    reader.pos,
    lineEnd(reader, reader.pos),
    "put the whole value in quotes",
  );
}

/** A quote that closes on a later line, and not at its end, was most likely left open on its own. */
function failAtOpenQuote(reader: Reader, start: number, end: number): void {
  const firstLine = lineEnd(reader, start);
  if (firstLine >= end) return;
  const line = reader.text.slice(0, end).split("\n").length;
  reader.fail(
    `the quote that opens here is closed by the one on line ${line}`,
    start,
    firstLine,
    "close it where its text ends",
  );
}

function isKeyColon(reader: Reader, lineStart: number, start: number): boolean {
  reader.skipSpaces();
  if (reader.at(reader.pos) !== COLON || !isBlank(reader.at(reader.pos + 1))) return false;
  if (reader.lineStart !== lineStart) failNestedMapping(reader, start);
  return true;
}

/** A colon where none can be. `start`: of the text before it. */
function failNestedMapping(reader: Reader, start: number): never {
  const { pos, text } = reader;
  const glued = /^[\w.-]+:(?=[^\s/])/.exec(text.slice(start, lineEnd(reader, start)))?.[0];
  if (glued !== undefined && start < reader.lineStart) {
    return reader.fail(
      `a space is missing behind "${glued}"`,
      start,
      start + glued.length,
      `a key stands apart from its value: "${glued} value"`,
    );
  }
  if (start < reader.lineStart) {
    const hint = "check the indentation of this line, or end the text above it";
    return reader.fail(
      'a "key: value" pair cannot go on with the text above it',
      reader.lineStart + indentOf(reader),
      pos + 1,
      hint,
    );
  }
  return reader.fail(
    'a colon with a space behind it starts a new "key: value" pair in the middle of a value',
    pos,
    pos + 1,
    "put the whole value in quotes",
  );
}

/** Columns before the first character of the current line. */
function indentOf({ text, lineStart }: Reader): number {
  return /^[ \t]*/.exec(text.slice(lineStart))?.[0].length ?? 0;
}

function readSeq(reader: Reader, indent: number, properties: Properties | undefined): RawSeq {
  const { column } = reader;
  const node: RawSeq = { kind: "seq", start: reader.pos, end: reader.pos, items: [], tag: properties?.tag };
  register(reader, node, properties);
  for (;;) {
    const dash = reader.pos;
    reader.pos += 1;
    if (reader.at(reader.pos) === 0x09)
      reader.fail("a tab stands behind the dash of a list item", reader.pos, reader.pos + 1, "use a space");
    node.items.push(readEntry(reader, column, dash));
    node.end = Math.max(node.end, node.items.at(-1)?.end ?? dash + 1);
    reader.skipToToken(Math.max(column - 1, indent));
    if (reader.pos >= reader.length || reader.atDocumentMark() || reader.column < column) return node;
    if (reader.column === column && isEntry(reader)) continue;
    // An item of a list that is no deeper than its key ends with the next key.
    if (reader.column === column && column === reader.seqFloor) return node;
    failIndent(reader, column, "list item");
  }
}

function readEntry(reader: Reader, column: number, dash: number): RawNode {
  const { lineStart } = reader;
  reader.skipToToken(column);
  const empty: RawScalar = { kind: "scalar", start: dash + 1, end: dash + 1, value: "", plain: true };
  if (reader.pos >= reader.length || reader.atDocumentMark()) return empty;
  if (reader.lineStart !== lineStart && reader.column <= column) return empty;
  const floor = reader.seqFloor;
  reader.seqFloor = -1;
  const node = readBlockNode(reader, column, false);
  reader.seqFloor = floor;
  return node;
}

function failIndent(reader: Reader, column: number, what: string): never {
  const found = reader.column;
  const rest = reader.text.slice(reader.pos, Math.min(lineEnd(reader, reader.pos), reader.pos + 60));
  if (found === column) {
    return reader.fail(
      `expected a ${what} here`,
      reader.pos,
      reader.pos + rest.length,
      what === "key" ? 'a mapping goes on with "key: value"' : 'a list goes on with "- "',
    );
  }
  return reader.fail(
    `this line is indented by ${found} spaces, which fits nothing above it`,
    reader.pos,
    reader.pos + rest.length,
    `the ${what}s here are indented by ${column}`,
  );
}

interface FirstKey {
  readonly node: RawNode;
  readonly column: number;
}

function readMap(
  reader: Reader,
  indent: number,
  properties: Properties | undefined,
  first: FirstKey | undefined,
): RawMap {
  const column = first?.column ?? reader.column;
  const start = first?.node.start ?? reader.pos;
  const node: RawMap = { kind: "map", start, end: start, pairs: [], tag: properties?.tag };
  register(reader, node, properties);
  let key = first?.node;
  for (;;) {
    const pair = key ? { key, value: readValue(reader, column) } : readExplicitPair(reader, column);
    node.pairs.push(pair);
    // With its colon; an explicit key at the end of the text may have none.
    node.end = Math.min(reader.length, Math.max(pair.key.end + 1, pair.value.end));
    reader.skipToToken(Math.max(column - 1, indent));
    if (reader.pos >= reader.length || reader.atDocumentMark() || reader.column < column) return node;
    if (reader.column > column) failIndent(reader, column, "key");
    key = readKey(reader, column);
  }
}

/** The next key of a mapping; `undefined` in front of a `?`. */
function readKey(reader: Reader, column: number): RawNode | undefined {
  const code = reader.at(reader.pos);
  if (code === QUESTION && isBlank(reader.at(reader.pos + 1))) return undefined;
  if (isEntry(reader)) {
    reader.fail(
      "a list item cannot stand between the keys of a mapping",
      reader.pos,
      reader.pos + 1,
      "indent the list below its key",
    );
  }
  const { pos, lineStart } = reader;
  const key = readSimple(reader, column, reader.readProperties());
  if (!isKeyColon(reader, lineStart, pos)) {
    const end = Math.min(lineEnd(reader, pos), pos + 60);
    reader.fail(
      'expected a colon: a mapping goes on with "key: value"',
      pos,
      end,
      "add the missing colon (and a space behind it), or check the indentation",
    );
  }
  if (reader.pos - pos > KEY_LIMIT)
    reader.fail(`a key is longer than ${KEY_LIMIT} characters`, pos, pos + 40);
  return key;
}

/** What stands behind the colon at the position. */
function readValue(reader: Reader, column: number): RawNode {
  const colon = reader.pos;
  reader.pos += 1;
  const { lineStart } = reader;
  reader.skipSpaces();
  const empty: RawScalar = { kind: "scalar", start: colon + 1, end: colon + 1, value: "", plain: true };
  reader.skipComment();
  const code = reader.at(reader.pos);
  if (code !== -1 && !isBreak(code)) return readBlockNode(reader, column, true);
  reader.skipToToken(column);
  if (reader.pos >= reader.length || reader.atDocumentMark() || reader.lineStart === lineStart) return empty;
  if (reader.column > column) {
    const floor = reader.seqFloor;
    reader.seqFloor = -1;
    const node = readBlockNode(reader, column, false);
    reader.seqFloor = floor;
    return node;
  }
  if (reader.column !== column || !isEntry(reader)) return empty;
  const floor = reader.seqFloor;
  reader.seqFloor = column;
  const node = readSeq(reader, column, undefined);
  reader.seqFloor = floor;
  return node;
}

/** `? key` and `: value` on lines of their own. */
function readExplicitPair(reader: Reader, column: number): { key: RawNode; value: RawNode } {
  const start = reader.pos;
  reader.pos += 1;
  reader.skipToToken(column);
  const empty: RawScalar = { kind: "scalar", start: start + 1, end: start + 1, value: "", plain: true };
  const key = reader.column > column ? readBlockNode(reader, column, false) : empty;
  reader.skipToToken(column);
  if (reader.column !== column || reader.at(reader.pos) !== COLON || !isBlank(reader.at(reader.pos + 1)))
    return { key, value: empty };
  reader.pos += 1;
  reader.skipToToken(column);
  return { key, value: reader.column > column ? readBlockNode(reader, column, false) : empty };
}
