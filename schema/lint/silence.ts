/**
 * Comments that silence rules in a file:
 *
 *     # tcompose-lint-disable-next-line CODE, CODE
 *     image: nginx  # tcompose-lint-disable-line CODE
 *     # tcompose-lint-disable CODE          (from anywhere in the file, for the whole file)
 *
 * Without a code they silence everything that is not an error.
 */
import type { SourceFile, SourceRange } from "../diagnostic.ts";

export interface Silence {
  readonly scope: "file" | "line";
  /** Line that is silenced, from 0; -1 for the whole file. */
  readonly line: number;
  /** Empty: every code. */
  readonly codes: readonly SilencedCode[];
}

export interface SilencedCode {
  readonly code: string;
  readonly range: SourceRange;
}

const COMMENT = /(?:^|\s)#\s*tcompose-lint-disable(-next-line|-line)?(?=\s|$)([^\n\r]*)/;

/** The silencing comments of a file. */
export function readSilences(source: SourceFile): Silence[] {
  const silences: Silence[] = [];
  if (!source.text.includes("tcompose-lint-disable")) return silences;
  let start = 0;
  for (const [line, text] of source.text.split("\n").entries()) {
    const match = COMMENT.exec(text);
    if (match !== null) {
      const list = match[2] ?? "";
      const codes = readCodes(list, start + match.index + match[0].length - list.length, source.path);
      if (match[1] === undefined) silences.push({ scope: "file", line: -1, codes });
      else silences.push({ scope: "line", line: match[1] === "-line" ? line : line + 1, codes });
    }
    start += text.length + 1;
  }
  return silences;
}

/** Codes up to an explanation, which begins with `--` or `:`. */
function readCodes(text: string, start: number, file: string): SilencedCode[] {
  const [list = ""] = text.split(/--|:/, 1);
  return [...list.matchAll(/[A-Za-z0-9-]+/g)].map((match) => ({
    code: match[0],
    range: { file, start: start + match.index, end: start + match.index + match[0].length },
  }));
}

/** Whether a comment silences the code on a line (from 0). */
export function isSilenced(silences: readonly Silence[], code: string, line: number): boolean {
  return silences.some(
    (silence) =>
      (silence.scope === "file" || silence.line === line) &&
      (silence.codes.length === 0 || silence.codes.some((one) => one.code === code)),
  );
}

/** The silencing comments of each file. */
export type Silences = ReadonlyMap<string, { readonly text: string; readonly silences: readonly Silence[] }>;

/** Comments of all files that have any. */
export function silencesOf(sources: Iterable<SourceFile>): Silences {
  const all = new Map<string, { readonly text: string; readonly silences: readonly Silence[] }>();
  for (const source of sources) {
    const silences = readSilences(source);
    if (silences.length > 0) all.set(source.path, { text: source.text, silences });
  }
  return all;
}

/** Whether a comment in the place's own file silences the code there. */
export function isSilencedAt(all: Silences, code: string, range: SourceRange | undefined): boolean {
  const own = range && all.get(range.file);
  if (range === undefined || own === undefined) return false;
  return isSilenced(own.silences, code, own.text.slice(0, range.start).split("\n").length - 1);
}
