/** Flow collections: `[a, b]` and `{a: 1, b: 2}`. */
import type { RawMap, RawNode, RawPair, RawSeq } from "./node.ts";
import { isBlank, type Reader } from "./reader.ts";
import { lineEnd, readDoubleQuoted, readPlain, readSingleQuoted } from "./scalar.ts";

const COMMA = 0x2c;
const COLON = 0x3a;

/** A node inside brackets, or the collection that starts at the position. */
export function readFlowNode(reader: Reader): RawNode {
  reader.countValue();
  const properties = reader.readProperties();
  if (properties) reader.skipToToken(-2);
  const node = readFlowContent(reader, properties?.tag, properties?.anchor);
  if (properties?.anchor !== undefined) reader.anchors.set(properties.anchor, node);
  return node;
}

export function readFlowContent(
  reader: Reader,
  tag: string | undefined,
  anchor: string | undefined,
): RawNode {
  const start = reader.pos;
  switch (reader.at(start)) {
    case 0x5b:
      return readFlowSeq(reader, tag, anchor);
    case 0x7b:
      return readFlowMap(reader, tag, anchor);
    case 0x22: {
      const { value, end } = readDoubleQuoted(reader);
      return { kind: "scalar", start, end, value, plain: false, tag };
    }
    case 0x27: {
      const { value, end } = readSingleQuoted(reader);
      return { kind: "scalar", start, end, value, plain: false, tag };
    }
    case 0x2a:
      return readAlias(reader);
    default:
      return readFlowPlain(reader, tag);
  }
}

export function readAlias(reader: Reader): RawNode {
  const start = reader.pos;
  const name = reader.readName("alias");
  const target = reader.anchors.get(name);
  if (!target) {
    return reader.fail(
      `there is no anchor named "${name}" before this alias`,
      start,
      reader.pos,
      `mark the value it stands for with &${name}`,
    );
  }
  return { kind: "alias", start, end: reader.pos, name, target };
}

function readFlowPlain(reader: Reader, tag: string | undefined): RawNode {
  const start = reader.pos;
  const code = reader.at(start);
  if (code === COMMA || code === COLON || code === 0x5d || code === 0x7d)
    return { kind: "scalar", start, end: start, value: "", plain: true, tag };
  checkPlainStart(reader, true);
  const { value, end } = readPlain(reader, -1, true);
  return { kind: "scalar", start, end, value, plain: true, tag };
}

/** Characters that have a meaning of their own cannot start an unquoted text. */
export function checkPlainStart(reader: Reader, flow: boolean): void {
  const char = reader.text.charAt(reader.pos);
  if (char !== "" && "@`%&*!|>\"'#,[]{}".includes(char)) {
    reader.fail(
      `an unquoted text cannot start with "${char}"`,
      reader.pos,
      reader.pos + 1,
      "put it in quotes",
    );
  }
  if ((char === "-" || char === ":") && isBlank(reader.at(reader.pos + 1)) && flow) {
    reader.fail(
      `"${char}" cannot stand here inside brackets`,
      reader.pos,
      reader.pos + 1,
      "put it in quotes",
    );
  }
}

function readFlowSeq(reader: Reader, tag: string | undefined, anchor: string | undefined): RawSeq {
  const start = reader.pos;
  const node: RawSeq = { kind: "seq", start, end: start, items: [], tag };
  if (anchor !== undefined) reader.anchors.set(anchor, node);
  reader.enter();
  reader.pos += 1;
  while (!closes(reader, 0x5d, "[", start)) {
    const isPair = skipKeyMark(reader);
    if (!isPair && reader.at(reader.pos) === COMMA) {
      reader.fail('an item is missing before the ","', reader.pos, reader.pos + 1, "remove the comma");
    }
    const item = readFlowNode(reader);
    reader.skipToToken(-2);
    if (isPairColon(reader, item, isPair))
      node.items.push({
        kind: "map",
        start: item.start,
        pairs: [readPairValue(reader, item)],
        end: reader.pos,
      });
    else if (isPair)
      node.items.push({
        kind: "map",
        start: item.start,
        pairs: [{ key: item, value: nothingBehind(item) }],
        end: reader.pos,
      });
    else node.items.push(item);
    separate(reader, 0x5d, "[", start);
  }
  reader.leave();
  node.end = reader.pos;
  return node;
}

function readFlowMap(reader: Reader, tag: string | undefined, anchor: string | undefined): RawMap {
  const start = reader.pos;
  const node: RawMap = { kind: "map", start, end: start, pairs: [], tag };
  if (anchor !== undefined) reader.anchors.set(anchor, node);
  reader.enter();
  reader.pos += 1;
  while (!closes(reader, 0x7d, "{", start)) {
    const isMarked = skipKeyMark(reader);
    const key = readFlowNode(reader);
    reader.skipToToken(-2);
    if (isPairColon(reader, key, isMarked)) node.pairs.push(readPairValue(reader, key));
    else node.pairs.push({ key, value: nothingBehind(key) });
    separate(reader, 0x7d, "{", start);
  }
  reader.leave();
  node.end = reader.pos;
  return node;
}

/** Passes a question mark, which says that a key follows. */
function skipKeyMark(reader: Reader): boolean {
  if (reader.at(reader.pos) !== 0x3f) return false;
  reader.pos += 1;
  reader.skipToToken(-2);
  return true;
}

function nothingBehind(key: RawNode): RawNode {
  return { kind: "scalar", start: key.end, end: key.end, value: "", plain: true };
}

/** The colon of a key stands on the key's line, unless a question mark has said that it is one. */
function isPairColon(reader: Reader, key: RawNode, isMarked: boolean): boolean {
  if (reader.at(reader.pos) !== COLON) return false;
  return isMarked || !/[\r\n]/.test(reader.text.slice(key.start, reader.pos));
}

function readPairValue(reader: Reader, key: RawNode): RawPair {
  reader.pos += 1;
  reader.skipToToken(-2);
  const value = readFlowNode(reader);
  reader.skipToToken(-2);
  return { key, value };
}

/** Whether the bracket closes here; passes it then. */
function closes(reader: Reader, bracket: number, opened: string, start: number): boolean {
  reader.skipToToken(-2);
  if (reader.at(reader.pos) === bracket) {
    reader.pos += 1;
    return true;
  }
  failWhereOpen(reader, opened, start);
  return false;
}

/** A colon here belongs to a key of the lines below the collection. */
function failWhereOpen(reader: Reader, opened: string, start: number): void {
  if (reader.pos >= reader.length || reader.atDocumentMark() || reader.at(reader.pos) === COLON) {
    reader.fail(
      `"${opened}" is not closed`,
      start,
      Math.min(lineEnd(reader, start), start + 40),
      `add the closing ${opened === "[" ? "]" : "}"}`,
    );
  }
}

/** Behind an item: a comma, or the bracket, which is left for `closes`. */
function separate(reader: Reader, bracket: number, opened: string, start: number): void {
  reader.skipToToken(-2);
  const code = reader.at(reader.pos);
  if (code === COMMA) reader.pos += 1;
  else if (code !== bracket) {
    failWhereOpen(reader, opened, start);
    const closing = String.fromCharCode(bracket);
    reader.fail(
      `expected "," or "${closing}", found "${reader.text.charAt(reader.pos)}"`,
      reader.pos,
      reader.pos + 1,
      `check the brackets and commas since "${opened}"`,
    );
  }
}
