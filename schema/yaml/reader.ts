/**
 * The position in a YAML text: white space, comments, line starts, anchors and tags.
 *
 * Loading has a reader of its own, because it is measured: a file of 5,000 services takes the `yaml` package 1.41 s of CPU, this
 * one 0.16 s, and it refuses what the format's other tools refuse. Edits that keep comments (`lint --fix`) use `yaml`.
 */
import type { Properties, RawNode } from "./node.ts";
import { YamlSyntaxError } from "./node.ts";

export const TAB = 0x09;
export const LF = 0x0a;
export const CR = 0x0d;
export const SPACE = 0x20;
const HASH = 0x23;

const MAX_DEPTH = 400;
/** Ten million bytes of ordinary stack are half of it; brackets alone would make five million. */
const MAX_VALUES = 1_000_000;

export class Reader {
  readonly text: string;
  readonly length: number;
  readonly anchors = new Map<string, RawNode>();
  pos = 0;
  /** Offset of the first character of the current line. */
  lineStart = 0;
  depth = 0;
  private values = 0;
  /** Column of the key that the current list is no deeper than, or -1. */
  seqFloor = -1;

  constructor(text: string) {
    this.text = text;
    this.length = text.length;
  }

  get column(): number {
    return this.pos - this.lineStart;
  }

  /** Code of a character, or -1 behind the end. */
  at(pos: number): number {
    return pos < this.length ? this.text.charCodeAt(pos) : -1;
  }

  fail(message: string, start = this.pos, end = start + 1, hint?: string): never {
    throw new YamlSyntaxError(
      message,
      Math.min(start, this.length),
      Math.min(Math.max(end, start), this.length),
      hint,
    );
  }

  /** Counts a value: what memory a text takes depends on their number. */
  countValue(): void {
    this.values += 1;
    if (this.values > MAX_VALUES) this.fail(`the file has more than ${MAX_VALUES} values`);
  }

  enter(): void {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) this.fail(`values are nested more than ${MAX_DEPTH} levels deep`);
  }

  leave(): void {
    this.depth -= 1;
  }

  skipSpaces(): void {
    while (this.pos < this.length) {
      const code = this.text.charCodeAt(this.pos);
      if (code !== SPACE && code !== TAB) return;
      this.pos += 1;
    }
  }

  /** Moves behind the line break at the position. */
  breakLine(): void {
    if (this.text.charCodeAt(this.pos) === CR && this.at(this.pos + 1) === LF) this.pos += 1;
    this.pos += 1;
    this.lineStart = this.pos;
  }

  skipComment(): void {
    if (this.at(this.pos) !== HASH) return;
    while (this.pos < this.length && !isBreak(this.text.charCodeAt(this.pos))) this.pos += 1;
  }

  /**
   * To the next token, over spaces, comments and line breaks. `indent`: the block's own indentation, behind which
   * tabs do no harm on lines with nothing else; -2 inside brackets, where they never do.
   */
  skipToToken(indent: number): void {
    for (;;) {
      const atLineStart = this.pos === this.lineStart;
      while (this.at(this.pos) === SPACE) this.pos += 1;
      if (this.at(this.pos) === TAB) this.skipTab(atLineStart, indent);
      this.skipComment();
      if (this.pos >= this.length || !isBreak(this.text.charCodeAt(this.pos))) return;
      this.breakLine();
    }
  }

  private skipTab(atLineStart: boolean, indent: number): void {
    const tab = this.pos;
    this.skipSpaces();
    if (!atLineStart || indent === -2) return;
    const next = this.at(this.pos);
    if (tab - this.lineStart > indent && (next === -1 || isBreak(next)) && indent >= 0) return;
    this.fail("a tab is used for indentation", tab, tab + 1, "indent with spaces only");
  }

  /** `---` or `...` at the start of a line. */
  atDocumentMark(): boolean {
    if (this.pos !== this.lineStart) return false;
    const code = this.at(this.pos);
    if (code !== 0x2d && code !== 0x2e) return false;
    return this.at(this.pos + 1) === code && this.at(this.pos + 2) === code && isBlank(this.at(this.pos + 3));
  }

  /** Anchor and tag at the position, in any order, with the spaces behind them. */
  readProperties(): Properties | undefined {
    let anchor: string | undefined;
    let tag: string | undefined;
    const start = this.pos;
    for (;;) {
      const code = this.at(this.pos);
      if (code === 0x26 && anchor === undefined) anchor = this.readName("anchor");
      else if (code === 0x21 && tag === undefined) tag = this.readTag();
      else break;
      this.skipSpaces();
    }
    return anchor === undefined && tag === undefined ? undefined : { anchor, tag, start };
  }

  /** The name behind `&` or `*`. */
  readName(what: string): string {
    const start = this.pos;
    this.pos += 1;
    while (isNameCharacter(this.at(this.pos))) this.pos += 1;
    const name = this.text.slice(start + 1, this.pos);
    const next = this.at(this.pos);
    if (name === "" || !(isBlank(next) || "?:,]}%@`".includes(String.fromCharCode(next)))) {
      const word = /^[^\s,\]}]*/.exec(this.text.slice(start, start + 80))?.[0] ?? "";
      this.fail(
        `${what} names consist of letters, digits, "_" and "-", found "${word}"`,
        start,
        start + word.length,
      );
    }
    return name;
  }

  private readTag(): string {
    const start = this.pos;
    if (this.at(start + 1) === 0x3c) {
      const end = this.text.indexOf(">", start);
      if (end === -1) this.fail("a tag is not closed with >", start);
      this.pos = end + 1;
      return this.text.slice(start + 2, end).replace(/^tag:yaml\.org,2002:/, "!!");
    }
    while (!isBlank(this.at(this.pos)) && !",[]{}".includes(this.text.charAt(this.pos))) this.pos += 1;
    return this.text.slice(start, this.pos);
  }
}

export function isBreak(code: number): boolean {
  return code === LF || code === CR;
}

/** White space, a line break, or the end. */
export function isBlank(code: number): boolean {
  return code === SPACE || code === LF || code === TAB || code === CR || code === -1;
}

function isNameCharacter(code: number): boolean {
  return (
    (code >= 0x30 && code <= 0x39) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x61 && code <= 0x7a) ||
    code === 0x5f ||
    code === 0x2d
  );
}
