/** Places in the stack files as `compose.yaml:12:7`, relative to the current directory. */
import { relative, sep } from "node:path";
import { positionAt, type SourceFile, type SourceRange } from "../schema/diagnostic.ts";

export function placeNamer(
  sources: readonly SourceFile[],
  cwd: string,
): (range: SourceRange) => string | undefined {
  const texts = new Map(sources.map((source) => [source.path, source.text]));
  return (range) => {
    const text = texts.get(range.file);
    if (text === undefined) return undefined;
    const { line, column } = positionAt(text, range.start);
    return `${shortPath(range.file, cwd)}:${line}:${column}`;
  };
}

/** For JSON.stringify: each `range` also gets the 1-based line and column of its start, as editors count. */
export function positionAdder(sources: readonly SourceFile[]): (key: string, value: unknown) => unknown {
  const texts = new Map(sources.map((source) => [source.path, source.text]));
  return (key, value) => {
    if (key !== "range" || typeof value !== "object" || value === null) return value;
    const range = value as SourceRange;
    const text = texts.get(range.file);
    return text === undefined ? range : { ...range, ...positionAt(text, range.start) };
  };
}

/** Relative where that is not a long way up. */
function shortPath(path: string, cwd: string): string {
  if (path === "-") return path;
  const short = relative(cwd, path);
  return short.startsWith(`..${sep}..${sep}..`) ? path : short;
}
