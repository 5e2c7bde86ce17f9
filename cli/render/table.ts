/** Aligned tables for results on standard output. */
import { displayWidth, padEnd, truncate } from "./text.ts";

export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => string;
  /** May be cut when the table is wider than the terminal; the greatest number is cut first. */
  readonly shrink?: number;
  /** May be left out when cutting is not enough; the greatest number goes first. */
  readonly spare?: number;
}

export interface TableOptions {
  /** Cells of the terminal; undefined: never cut (not a terminal, or `--no-trunc`). */
  readonly width?: number | undefined;
}

const GAP = 3;
const SHORTEST = 8;
const READABLE = 16;

/** Lines with titles first, two columns at least three spaces apart, no trailing spaces. Ends with a newline. */
export function renderTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  options: TableOptions = {},
): string {
  const { shown, widths } = fit(columns, rows, options.width);
  const cells = rows.map((row) => shown.map((column) => column.value(row)));
  const lines = [shown.map((column) => column.title), ...cells].map((line) =>
    line
      .map((cell, i) => padEnd(truncate(cell, widths[i] ?? 0), (widths[i] ?? 0) + GAP))
      .join("")
      .trimEnd(),
  );
  return `${lines.join("\n")}\n`;
}

/** The columns that there is room for, with their widths. */
function fit<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  available: number | undefined,
): { readonly shown: readonly Column<Row>[]; readonly widths: readonly number[] } {
  const wanted = columns.map(({ title, value }) =>
    Math.max(displayWidth(title), ...rows.map((row) => displayWidth(value(row)))),
  );
  if (available === undefined) return { shown: columns, widths: wanted };
  const widths = shrinkToFit(columns, wanted, available);
  const leaveOut = columns
    .map((column, i) => ({
      column,
      spare: column.spare ?? 0,
      isStump: isStump(wanted[i] ?? 0, widths[i] ?? 0),
    }))
    .filter(({ spare, isStump: stump }) => spare > 0 && (stump || total(widths) > available))
    .sort((a, b) => b.spare - a.spare)
    .at(0)?.column;
  if (leaveOut === undefined) return { shown: columns, widths };
  return fit(
    columns.filter((column) => column !== leaveOut),
    rows,
    available,
  );
}

/** Cut so far that it says nothing any more. */
function isStump(wanted: number, width: number): boolean {
  return width < wanted && width < READABLE;
}

function total(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width + GAP, -GAP);
}

function shrinkToFit<Row>(
  columns: readonly Column<Row>[],
  wanted: readonly number[],
  available: number,
): readonly number[] {
  const widths = [...wanted];
  const order = columns
    .map((column, index) => ({ index, shrink: column.shrink ?? 0 }))
    .filter((entry) => entry.shrink > 0)
    .sort((a, b) => b.shrink - a.shrink);
  for (const { index } of order) {
    const excess = total(widths) - available;
    if (excess <= 0) break;
    const width = widths[index] ?? 0;
    const title = displayWidth(columns[index]?.title ?? "");
    widths[index] = Math.max(title, Math.min(width, SHORTEST), width - excess);
  }
  return widths;
}
