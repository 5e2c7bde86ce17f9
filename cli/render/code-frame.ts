/** One source line with the place in question underlined, cut to the width of the terminal. */
import type { Paint } from "./color.ts";
import type { Place } from "./source-map.ts";
import { displayWidth } from "./text.ts";

export interface FrameStyle {
  /** Cells that line numbers take; all frames of one diagnostic use the same. */
  readonly gutter: number;
  readonly width: number;
  readonly mark: "^" | "-";
  readonly paintMark: Paint;
  readonly paintGutter: Paint;
}

const TAB = "    ";
const ELLIPSIS = "...";
/** Below this there is nothing to see any more. */
const NARROWEST = 20;

/** Lines of the frame: the source line and its underline. Empty where the text is not at hand. */
export function codeFrame(place: Place, style: FrameStyle): string[] {
  const { start, end, lines } = place;
  if (start === undefined || end === undefined || lines === undefined) return [];
  const text = lines.lineText(start.line);
  const from = Math.min(start.column - 1, text.length);
  const to = end.line > start.line ? text.trimEnd().length : Math.min(end.column - 1, text.length);
  const before = printable(text.slice(0, from));
  const marked = printable(text.slice(from, Math.max(from, to)));
  const after = printable(text.slice(Math.max(from, to)));
  const room = Math.max(NARROWEST, style.width - style.gutter - 4);
  const shown = fit(before, marked, after, room);
  const bar = style.paintGutter("|");
  const number = style.paintGutter(String(start.line).padStart(style.gutter));
  const blank = " ".repeat(style.gutter);
  const mark = style.paintMark(style.mark.repeat(Math.max(1, displayWidth(shown.marked))));
  return [
    ` ${blank} ${bar}`,
    ` ${number} ${bar} ${shown.before}${shown.marked}${shown.after}`.trimEnd(),
    ` ${blank} ${bar} ${" ".repeat(displayWidth(shown.before))}${mark}`,
  ];
}

/** Tabs become spaces, and control characters a sign: a stack file must not steer the terminal. */
function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what this is about
  return text
    .replaceAll("\t", TAB)
    .replace(/[\u0000-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069]/g, "\uFFFD");
}

interface Pieces {
  readonly before: string;
  readonly marked: string;
  readonly after: string;
}

/** Cuts from the left, then from the right, so that the start of the marked part stays in view. */
function fit(before: string, marked: string, after: string, room: number): Pieces {
  if (displayWidth(before) + displayWidth(marked) + displayWidth(after) <= room)
    return { before, marked, after };
  const need = Math.min(displayWidth(marked), Math.floor(room / 2));
  const left = takeRight(before, room - need - ELLIPSIS.length);
  const middle = takeLeft(marked, room - displayWidth(left) - ELLIPSIS.length);
  if (middle !== marked) return { before: left, marked: middle + ELLIPSIS, after: "" };
  return {
    before: left,
    marked,
    after: takeLeft(after, room - displayWidth(left) - displayWidth(middle) - ELLIPSIS.length, ELLIPSIS),
  };
}

function takeLeft(text: string, cells: number, ending = ""): string {
  let used = 0;
  let kept = "";
  for (const character of text) {
    used += displayWidth(character);
    if (used > cells) return kept + ending;
    kept += character;
  }
  return kept;
}

function takeRight(text: string, cells: number): string {
  if (displayWidth(text) <= cells) return text;
  const kept: string[] = [];
  let used = ELLIPSIS.length;
  for (const character of [...text].reverse()) {
    used += displayWidth(character);
    if (used > cells) break;
    kept.unshift(character);
  }
  return ELLIPSIS + kept.join("");
}
