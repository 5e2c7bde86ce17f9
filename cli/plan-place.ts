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

/** Relative where that is not a long way up. */
function shortPath(path: string, cwd: string): string {
  if (path === "-") return path;
  const short = relative(cwd, path);
  return short.startsWith(`..${sep}..${sep}..`) ? path : short;
}
