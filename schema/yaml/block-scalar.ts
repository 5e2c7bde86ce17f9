/** Block scalars: `|` keeps lines, `>` folds them. */
import { CR, isBreak, SPACE, TAB, type Reader } from "./reader.ts";
import type { Text } from "./scalar.ts";

interface Header {
  readonly folded: boolean;
  readonly chomping: "" | "-" | "+";
  /** Indentation beyond the parent's; 0: that of the first line. */
  readonly indentation: number;
}

interface Line {
  /** Without the block's indentation. */
  readonly text: string;
}

export function readBlockScalar(reader: Reader, parentIndent: number): Text {
  const header = readHeader(reader);
  const parent = Math.max(parentIndent, -1);
  const fixed = header.indentation > 0 ? Math.max(parent, 0) + header.indentation : 0;
  const indent = fixed || detectIndent(reader, parent);
  const lines: Line[] = [];
  let end = reader.pos;
  while (reader.pos < reader.length) {
    const text = readLine(reader, indent);
    if (text === undefined) break;
    lines.push({ text });
    if (text !== "") end = reader.pos;
    if (reader.pos >= reader.length) break;
    reader.breakLine();
  }
  const endsWithBreak = reader.pos === reader.lineStart;
  return { value: compose(lines, header, endsWithBreak), end, multiline: true };
}

function readHeader(reader: Reader): Header {
  const folded = reader.at(reader.pos) === 0x3e;
  reader.pos += 1;
  const match = /^(?:([-+])([0-9])?|([0-9])([-+])?)?/.exec(reader.text.slice(reader.pos, reader.pos + 2));
  const digit = match?.[2] ?? match?.[3];
  const chomping = (match?.[1] ?? match?.[4] ?? "") as Header["chomping"];
  if (digit === "0") reader.fail("the indentation of a block text cannot be 0", reader.pos);
  reader.pos += match?.[0].length ?? 0;
  reader.skipSpaces();
  reader.skipComment();
  if (reader.pos < reader.length && !isBreak(reader.at(reader.pos))) {
    reader.fail(
      "text cannot stand behind | or > on the same line",
      reader.pos,
      reader.pos + 1,
      "start it on the next line",
    );
  }
  if (reader.pos < reader.length) reader.breakLine();
  return { folded, chomping, indentation: Number(digit ?? 0) };
}

/** The indentation of the first line that has text, or the deepest of the empty lines before it. */
function detectIndent(reader: Reader, parent: number): number {
  let deepest = 0;
  let pos = reader.pos;
  for (;;) {
    const start = pos;
    while (reader.at(pos) === SPACE) pos += 1;
    deepest = Math.max(deepest, pos - start);
    if (reader.at(pos) === TAB && pos - start <= parent)
      reader.fail("a tab is used for indentation", pos, pos + 1, "indent with spaces only");
    if (pos >= reader.length || !isBreak(reader.at(pos))) break;
    pos += reader.at(pos) === CR && reader.at(pos + 1) === 0x0a ? 2 : 1;
  }
  return Math.max(deepest, parent + 1, 1);
}

/** The line at the position, `undefined` where it belongs to the block no more. Stops at the line break. */
function readLine(reader: Reader, indent: number): string | undefined {
  const start = reader.pos;
  let pos = start;
  while (pos - start < indent && reader.at(pos) === SPACE) pos += 1;
  const code = reader.at(pos);
  if (pos - start < indent) {
    if (code === -1 && pos === start) return undefined;
    if (code !== -1 && !isBreak(code)) return undefined;
    reader.pos = pos;
    return "";
  }
  if (reader.atDocumentMark()) return undefined;
  let end = pos;
  while (end < reader.length && !isBreak(reader.text.charCodeAt(end))) end += 1;
  reader.pos = end;
  return reader.text.slice(pos, end);
}

function compose(lines: readonly Line[], header: Header, endsWithBreak: boolean): string {
  let count = lines.length;
  while (count > 0 && lines[count - 1]?.text === "") count -= 1;
  const trailing = lines.length - count;
  const texts = lines.slice(0, count).map((line) => line.text);
  const body = header.folded ? fold(texts) : texts.join("\n");
  // A text that the file ends in the middle of has no line break to keep.
  const broken = count > 0 && (trailing > 0 || endsWithBreak);
  switch (header.chomping) {
    case "-":
      return body;
    case "+":
      return (
        body +
        (broken ? "\n" : "") +
        "\n".repeat(
          count === 0 ? trailing : Math.max(0, trailing - (endsWithBreak || trailing === 0 ? 0 : 1)),
        )
      );
    default:
      return broken ? `${body}\n` : body;
  }
}

/** Single breaks between lines that start with text become spaces. */
function fold(lines: readonly string[]): string {
  let result = "";
  let breaks = 0;
  let previousFree = false;
  for (const [index, line] of lines.entries()) {
    if (line === "") {
      breaks += 1;
      continue;
    }
    const free = line.startsWith(" ") || line.startsWith("\t");
    if (index === breaks) result += "\n".repeat(breaks);
    else if (previousFree || free) result += "\n".repeat(breaks + 1);
    else result += breaks === 0 ? " " : "\n".repeat(breaks);
    result += line;
    breaks = 0;
    previousFree = free;
  }
  return result;
}
