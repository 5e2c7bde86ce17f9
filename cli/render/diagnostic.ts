/** Diagnostics as text for people: what is wrong, where it stands, and what to do about it. */
import type { Diagnostic, Severity, SourceFile } from "../../schema/diagnostic.ts";
import { codeFrame, type FrameStyle } from "./code-frame.ts";
import { palette, type Paint, type Palette } from "./color.ts";
import { placeFinder, type Place } from "./source-map.ts";
import { count } from "./text.ts";
import { wrapText } from "./wrap.ts";

export interface DiagnosticStyle {
  readonly color: boolean;
  /** Cells of a line. */
  readonly width: number;
  /** File names are shown relative to it. */
  readonly cwd: string;
  /** Diagnostics shown at most; the rest is counted. */
  readonly limit?: number;
}

const DEFAULT_LIMIT = 50;

/**
 * Code frames in the order of the files, and a closing count where there is more than one. Without a trailing newline.
 * When there are more than the limit, errors go first.
 */
export function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  sources: readonly SourceFile[],
  style: DiagnosticStyle,
): string {
  const find = placeFinder(sources, style.cwd);
  const limit = style.limit ?? DEFAULT_LIMIT;
  const colors = palette(style.color);
  const shown = sortByPlace(mostSevere(diagnostics, limit), sources);
  const blocks = shown.map((diagnostic) => renderDiagnostic(diagnostic, find, style, colors));
  if (diagnostics.length > 1) blocks.push(renderSummary(diagnostics, shown.length, colors));
  return blocks.join("\n\n");
}

type Find = ReturnType<typeof placeFinder>;

function renderDiagnostic(
  diagnostic: Diagnostic,
  find: Find,
  style: DiagnosticStyle,
  colors: Palette,
): string {
  const place = diagnostic.range && find(diagnostic.range);
  const related = (diagnostic.related ?? []).map((item) => ({
    message: item.message,
    place: find(item.range),
  }));
  const places = [place, ...related.map((item) => item.place)];
  const gutter = Math.max(2, ...places.map((one) => String(one?.start?.line ?? "").length));
  const paint = severityPaint(diagnostic.severity, colors);
  const frame: FrameStyle = {
    gutter,
    width: style.width,
    mark: "^",
    paintMark: paint,
    paintGutter: colors.blue,
  };
  const lines = renderTitle(diagnostic, style.width, paint, colors);
  if (place !== undefined) {
    lines.push(` ${" ".repeat(gutter)}${colors.blue("-->")} ${placeText(place)}`, ...codeFrame(place, frame));
  }
  for (const item of related) {
    lines.push(` ${" ".repeat(gutter)}${colors.blue(":::")} ${placeText(item.place)}: ${item.message}`);
    lines.push(...codeFrame(item.place, { ...frame, mark: "-", paintMark: colors.blue }));
  }
  if (diagnostic.hint !== undefined)
    lines.push(...renderHint(diagnostic.hint, place === undefined ? 0 : gutter, style.width, colors));
  return lines.join("\n");
}

function renderTitle(diagnostic: Diagnostic, width: number, paint: Paint, colors: Palette): string[] {
  const head = `${diagnostic.severity === "info" ? "note" : diagnostic.severity}[${diagnostic.code}]:`;
  const [first = "", ...rest] = wrapText(`${head} ${diagnostic.message}`, width, 4);
  const tail = first.slice(head.length);
  return [`${colors.bold(paint(head))}${colors.bold(tail)}`, ...rest.map(colors.bold)];
}

function renderHint(hint: string, gutter: number, width: number, colors: Palette): string[] {
  const lead = gutter === 0 ? "" : `${" ".repeat(gutter + 2)}= `;
  const label = "hint:";
  const [first = "", ...rest] = wrapText(`${lead}${label} ${hint}`, width, lead.length + label.length + 1);
  const at = lead.length;
  const painted = `${colors.blue(first.slice(0, at))}${colors.cyan(label)}${first.slice(at + label.length)}`;
  return [painted, ...rest];
}

function placeText(place: Place): string {
  return place.start === undefined ? place.name : `${place.name}:${place.start.line}:${place.start.column}`;
}

function severityPaint(severity: Severity, colors: Palette): Paint {
  switch (severity) {
    case "error":
      return colors.red;
    case "warning":
      return colors.yellow;
    case "info":
      return colors.cyan;
    default:
      return severity satisfies never;
  }
}

function mostSevere(diagnostics: readonly Diagnostic[], limit: number): readonly Diagnostic[] {
  if (diagnostics.length <= limit) return diagnostics;
  const rank: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };
  return diagnostics.toSorted((a, b) => rank[a.severity] - rank[b.severity]).slice(0, limit);
}

/** In the order in which the files were read, then by offset; what has no place comes first. */
function sortByPlace(diagnostics: readonly Diagnostic[], sources: readonly SourceFile[]): Diagnostic[] {
  const order = new Map(sources.map((source, index) => [source.path, index]));
  const fileOf = (d: Diagnostic): number =>
    d.range === undefined ? -1 : (order.get(d.range.file) ?? order.size);
  return diagnostics.toSorted(
    (a, b) => fileOf(a) - fileOf(b) || (a.range?.start ?? 0) - (b.range?.start ?? 0),
  );
}

function renderSummary(diagnostics: readonly Diagnostic[], shown: number, colors: Palette): string {
  const amount = (severity: Severity): number => diagnostics.filter((d) => d.severity === severity).length;
  const parts = [
    [amount("error"), "error", colors.red],
    [amount("warning"), "warning", colors.yellow],
    [amount("info"), "note", colors.cyan],
  ] as const;
  const text = parts.flatMap(([n, noun, paint]) => (n === 0 ? [] : [paint(count(n, noun))])).join(", ");
  const hidden = diagnostics.length - shown;
  return hidden === 0 ? text : `${text} (${hidden} not shown)`;
}
