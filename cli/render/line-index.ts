/** Lines of a text: offsets to line and column and back, fast for many questions about one text. */
import type { SourcePosition } from "../../schema/diagnostic.ts";

export interface LineIndex {
  /** 1-based line and column (UTF-16 units) of an offset; offsets past the end count as the end. */
  positionAt(offset: number): SourcePosition;
  /** Text of a 1-based line without its line break. */
  lineText(line: number): string;
}

export function indexLines(text: string): LineIndex {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return {
    positionAt(offset) {
      const bounded = Math.max(0, Math.min(offset, text.length));
      const line = lastAtMost(starts, bounded);
      return { line: line + 1, column: bounded - (starts[line] ?? 0) + 1 };
    },
    lineText(line) {
      const start = starts[line - 1];
      if (start === undefined) return "";
      return text.slice(start, (starts[line] ?? text.length + 1) - 1).replace(/\r$/, "");
    },
  };
}

/** Index of the last number that is not above the limit; the first is 0, so that there always is one. */
function lastAtMost(numbers: readonly number[], limit: number): number {
  let low = 0;
  let high = numbers.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((numbers[middle] ?? 0) <= limit) low = middle;
    else high = middle - 1;
  }
  return low;
}
