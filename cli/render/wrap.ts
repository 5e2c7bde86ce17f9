/** Breaking text into lines. */
import { displayWidth } from "./text.ts";

/**
 * Breaks at spaces; following lines are indented by `indent` cells. Words longer than a line stay whole, so that they
 * can be copied. Leading spaces are kept.
 */
export function wrapText(text: string, width: number, indent: number): string[] {
  if (displayWidth(text) <= width) return [text];
  const leading = /^ */.exec(text)?.[0] ?? "";
  const lines: string[] = [];
  let line = leading;
  let isEmpty = true;
  for (const word of text.slice(leading.length).split(" ")) {
    if (!isEmpty && displayWidth(line) + 1 + displayWidth(word) > width) {
      lines.push(line);
      line = " ".repeat(indent) + word;
    } else line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line];
}
