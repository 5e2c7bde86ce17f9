/** Scalars of a YAML text: plain, quoted, and block scalars, with their folding of lines. */
import { CR, isBlank, isBreak, LF, SPACE, TAB, type Reader } from "./reader.ts";

const COLON = 0x3a;
const HASH = 0x23;

export interface Text {
  readonly value: string;
  readonly end: number;
  /** Whether it runs over several lines, so that it cannot be a key. */
  readonly multiline: boolean;
}

/** Ends an unquoted text inside brackets, where the peer's reader lets no question mark pass either. */
function isFlowIndicator(code: number): boolean {
  return code === 0x2c || code === 0x3f || code === 0x5b || code === 0x5d || code === 0x7b || code === 0x7d;
}

/** End of the plain text on the current line, without spaces at its end. */
function plainLineEnd(reader: Reader, flow: boolean): number {
  const { text } = reader;
  let end = reader.pos;
  let i = reader.pos;
  for (; i < reader.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === SPACE || code === TAB) continue;
    if (code === LF || code === CR) break;
    if (code === COLON && isBlank(reader.at(i + 1))) break;
    if (code === HASH && i > 0 && isBlank(text.charCodeAt(i - 1)) && i > reader.pos) break;
    if (flow && isFlowIndicator(code)) break;
    end = i + 1;
  }
  return end;
}

/** A plain scalar; further lines belong to it where they are indented deeper than `indent`. */
export function readPlain(reader: Reader, indent: number, flow: boolean): Text {
  const start = reader.pos;
  let end = plainLineEnd(reader, flow);
  let value = reader.text.slice(start, end);
  reader.pos = end;
  let multiline = false;
  for (;;) {
    const { lineStart: savedLine } = reader;
    // Most scalars end on their line, at a colon or because the next line is no deeper.
    if (endsHere(reader, indent, flow)) break;
    const breaks = skipToContinuation(reader, indent, flow);
    if (breaks === 0) {
      reader.pos = end;
      reader.lineStart = savedLine;
      break;
    }
    multiline = true;
    const lineStart = reader.pos;
    end = plainLineEnd(reader, flow);
    value += (breaks === 1 ? " " : "\n".repeat(breaks - 1)) + reader.text.slice(lineStart, end);
    reader.pos = end;
  }
  return { value, end, multiline };
}

/** Whether the scalar is seen to end without looking further than the start of the next line. */
function endsHere(reader: Reader, indent: number, flow: boolean): boolean {
  let pos = reader.pos;
  let code = reader.at(pos);
  while (code === SPACE || code === TAB) code = reader.at((pos += 1));
  if (code !== LF) return code !== CR;
  if (flow) return false;
  const next = pos + 1;
  for (pos = next; pos - next <= indent; pos += 1) {
    if (reader.at(pos) !== SPACE) break;
  }
  code = reader.at(pos);
  return pos - next <= indent && code !== LF && code !== CR && code !== TAB && code !== SPACE;
}

/** To the text of the next line of a plain scalar. Answers how many line breaks were passed, 0 where it has ended. */
function skipToContinuation(reader: Reader, indent: number, flow: boolean): number {
  reader.skipSpaces();
  let breaks = 0;
  while (reader.pos < reader.length && isBreak(reader.text.charCodeAt(reader.pos))) {
    reader.breakLine();
    breaks += 1;
    while (reader.at(reader.pos) === SPACE) reader.pos += 1;
    if (reader.at(reader.pos) === TAB) skipContinuationTab(reader, indent, flow);
  }
  if (breaks === 0 || reader.pos >= reader.length || reader.at(reader.pos) === HASH) return 0;
  if (!flow && reader.column <= indent) return 0;
  if (reader.atDocumentMark()) return 0;
  const code = reader.at(reader.pos);
  if (flow && isFlowIndicator(code)) return 0;
  return code === COLON && isBlank(reader.at(reader.pos + 1)) ? 0 : breaks;
}

function skipContinuationTab(reader: Reader, indent: number, flow: boolean): void {
  if (!flow && reader.column <= indent) {
    reader.fail("a tab is used for indentation", reader.pos, reader.pos + 1, "indent with spaces only");
  }
  reader.skipSpaces();
}

/** Where the text between `from` and the position ends, without blanks. (A pattern would try each of a million blanks.) */
function textEnd(reader: Reader, from: number): number {
  let end = reader.pos;
  while (end > from && (reader.at(end - 1) === SPACE || reader.at(end - 1) === TAB)) end -= 1;
  return end;
}

/** Blanks and line breaks inside quotes, folded: one break is a space, more are one less. */
function foldBreaks(reader: Reader, start: number): string {
  let breaks = 0;
  while (reader.pos < reader.length) {
    const code = reader.text.charCodeAt(reader.pos);
    if (isBreak(code)) {
      reader.breakLine();
      breaks += 1;
      if (reader.atDocumentMark())
        reader.fail("a document ends inside quotes", start, start + 1, "close the quotes");
    } else if (code === SPACE || code === TAB) reader.pos += 1;
    else break;
  }
  return breaks === 1 ? " " : "\n".repeat(breaks - 1);
}

export function readSingleQuoted(reader: Reader): Text {
  const start = reader.pos;
  reader.pos += 1;
  let value = "";
  let multiline = false;
  let from = reader.pos;
  for (;;) {
    const code = reader.at(reader.pos);
    if (code === -1)
      return reader.fail(
        "a single-quoted text is not closed",
        start,
        lineEnd(reader, start),
        "add the closing '",
      );
    if (code === 0x27) {
      value += reader.text.slice(from, reader.pos);
      reader.pos += 1;
      if (reader.at(reader.pos) !== 0x27) return { value, end: reader.pos, multiline };
      from = reader.pos;
      reader.pos += 1;
    } else if (isBreak(code)) {
      multiline = true;
      value += reader.text.slice(from, textEnd(reader, from)) + foldBreaks(reader, start);
      from = reader.pos;
    } else reader.pos += 1;
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  "0": "\0",
  a: "\x07",
  b: "\b",
  t: "\t",
  "\t": "\t",
  n: "\n",
  v: "\v",
  f: "\f",
  r: "\r",
  e: "\x1b",
  " ": " ",
  '"': '"',
  "\\": "\\",
  "'": "'",
  N: "\u0085",
  _: "\u00a0",
  L: "\u2028",
  P: "\u2029",
};
const HEX_ESCAPES: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

export function readDoubleQuoted(reader: Reader): Text {
  const start = reader.pos;
  reader.pos += 1;
  let value = "";
  let multiline = false;
  let from = reader.pos;
  for (;;) {
    const code = reader.at(reader.pos);
    if (code === -1)
      return reader.fail(
        "a double-quoted text is not closed",
        start,
        lineEnd(reader, start),
        'add the closing "',
      );
    if (code === 0x22) {
      value += reader.text.slice(from, reader.pos);
      reader.pos += 1;
      return { value, end: reader.pos, multiline };
    }
    if (code === 0x5c) {
      value += reader.text.slice(from, reader.pos);
      const escaped = readEscape(reader, start);
      if (escaped === undefined) multiline = true;
      value += escaped ?? "";
      from = reader.pos;
    } else if (isBreak(code)) {
      multiline = true;
      value += reader.text.slice(from, textEnd(reader, from)) + foldBreaks(reader, start);
      from = reader.pos;
    } else reader.pos += 1;
  }
}

/** `undefined`: an escaped line break, which joins the lines. */
function readEscape(reader: Reader, quote: number): string | undefined {
  const start = reader.pos;
  const next = reader.at(start + 1);
  if (isBreak(next)) {
    reader.pos += 1;
    reader.breakLine();
    const rest = foldBreaksAfterEscape(reader, quote);
    return rest === "" ? undefined : rest;
  }
  const char = reader.text.charAt(start + 1);
  const known = ESCAPES[char];
  if (known !== undefined) {
    reader.pos += 2;
    return known;
  }
  const digits = HEX_ESCAPES[char];
  const hex = digits === undefined ? "" : reader.text.slice(start + 2, start + 2 + digits);
  const value = Number.parseInt(hex, 16);
  if (
    digits === undefined ||
    !/^[0-9a-fA-F]+$/.test(hex) ||
    hex.length !== digits ||
    value > 0x10ffff ||
    (value >= 0xd800 && value < 0xe000)
  ) {
    return reader.fail(
      `"\\${char}" is not an escape`,
      start,
      start + 2,
      "write a backslash as \\\\, or use single quotes",
    );
  }
  reader.pos += 2 + digits;
  return String.fromCodePoint(value);
}

function foldBreaksAfterEscape(reader: Reader, quote: number): string {
  let breaks = 0;
  for (;;) {
    reader.skipSpaces();
    if (!isBreak(reader.at(reader.pos))) return "\n".repeat(breaks);
    reader.breakLine();
    breaks += 1;
    if (reader.atDocumentMark())
      reader.fail("a document ends inside quotes", quote, quote + 1, "close the quotes");
  }
}

export function lineEnd(reader: Reader, from: number): number {
  const end = reader.text.indexOf("\n", from);
  return end === -1 ? reader.length : end;
}
