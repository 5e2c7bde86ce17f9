/** Aligned tables for results on standard output. */
import { displayWidth, padEnd, truncate } from "./text.ts";

export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => string;
  /** May be cut when the table is wider than the terminal; the greatest number is cut first. */
  readonly shrink?: number;
}

export interface TableOptions {
  /** Cells of the terminal; undefined: never cut (not a terminal, or `--no-trunc`). */
  readonly width?: number | undefined;
}

const GAP = 3;
const SHORTEST = 8;

/** Lines with titles first, two columns at least three spaces apart, no trailing spaces. Ends with a newline. */
export function renderTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  options: TableOptions = {},
): string {
  const cells = rows.map((row) => columns.map((column) => column.value(row)));
  const widths = columns.map((column, i) =>
    Math.max(displayWidth(column.title), ...cells.map((line) => displayWidth(line[i] ?? ""))),
  );
  if (options.width !== undefined) shrinkToFit(columns, widths, options.width);
  const lines = [columns.map((column) => column.title), ...cells].map((line) =>
    line
      .map((cell, i) => padEnd(truncate(cell, widths[i] ?? 0), (widths[i] ?? 0) + GAP))
      .join("")
      .trimEnd(),
  );
  return `${lines.join("\n")}\n`;
}

function shrinkToFit<Row>(columns: readonly Column<Row>[], widths: number[], available: number): void {
  const order = columns
    .map((column, index) => ({ index, shrink: column.shrink ?? 0 }))
    .filter((entry) => entry.shrink > 0)
    .sort((a, b) => b.shrink - a.shrink);
  for (const { index } of order) {
    const total = widths.reduce((sum, width) => sum + width + GAP, -GAP);
    if (total <= available) return;
    const width = widths[index] ?? 0;
    const title = displayWidth(columns[index]?.title ?? "");
    widths[index] = Math.max(title, Math.min(width, SHORTEST), width - (total - available));
  }
}
