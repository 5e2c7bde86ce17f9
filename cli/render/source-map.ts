/** The texts that diagnostics point into, with names as the reader of the output knows them. */
import { isAbsolute, relative } from "node:path";
import type { SourceFile, SourcePosition, SourceRange } from "../../schema/diagnostic.ts";
import { indexLines, type LineIndex } from "./line-index.ts";

export interface Place {
  /** Relative to the current directory where that is shorter; `<stdin>` for standard input. */
  readonly name: string;
  /** Absent where the text is not at hand. */
  readonly start?: SourcePosition;
  readonly end?: SourcePosition;
  readonly lines?: LineIndex;
}

/** Looks places up; texts are indexed once, when they are first asked for. */
export function placeFinder(sources: readonly SourceFile[], cwd: string): (range: SourceRange) => Place {
  const texts = new Map(sources.map((source) => [source.path, source.text]));
  const indexes = new Map<string, LineIndex>();
  return (range) => {
    const name = displayPath(range.file, cwd);
    const text = texts.get(range.file);
    if (text === undefined) return { name };
    const lines = indexes.get(range.file) ?? indexLines(text);
    indexes.set(range.file, lines);
    const start = lines.positionAt(range.start);
    return { name, start, end: lines.positionAt(Math.max(range.start, range.end)), lines };
  };
}

export function displayPath(file: string, cwd: string): string {
  if (file === "-") return "<stdin>";
  if (!isAbsolute(file)) return file;
  const near = relative(cwd, file);
  return near !== "" && near.length < file.length ? near : file;
}
