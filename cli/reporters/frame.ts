/** Rows as the lines of one picture on the terminal: aligned, cut to the width, never higher than allowed. Pure. */
import type { Palette, Paint } from "../render/color.ts";
import { formatElapsed } from "../render/quantity.ts";
import { count, displayWidth, padEnd, truncate } from "../render/text.ts";
import type { Row, RowState } from "./progress.ts";

export interface FrameOptions {
  readonly colors: Palette;
  readonly columns: number;
  /** Lines at most; undefined: all of them. */
  readonly maxLines?: number | undefined;
  /** Unix milliseconds. */
  readonly now: number;
  readonly spinner: string;
  readonly project: string;
  readonly startedAt: number;
}

const ICON: Readonly<Record<Exclude<RowState, "active">, string>> = {
  waiting: "·",
  done: "✔",
  failed: "✖",
  blocked: "⊘",
  skipped: "↓",
  aborted: "⊘",
};
/** What to keep when there is no room for everything: smaller first. */
const URGENCY: Readonly<Record<RowState, number>> = {
  failed: 0,
  active: 1,
  aborted: 2,
  blocked: 3,
  skipped: 4,
  done: 5,
  waiting: 6,
};
const ELAPSED_WIDTH = 8;
const SHORTEST_TITLE = 12;

export function renderFrame(rows: readonly Row[], options: FrameOptions): string[] {
  const shown = chooseRows(
    rows,
    options.maxLines === undefined ? undefined : Math.max(1, options.maxLines - 2),
  );
  const wordWidth = Math.max(8, ...rows.map((row) => displayWidth(row.word)));
  const room = options.columns - 1 - 3 - 2 - wordWidth - ELAPSED_WIDTH;
  const widest = Math.max(0, ...rows.map((row) => displayWidth(row.title)));
  const titleWidth = Math.max(SHORTEST_TITLE, Math.min(widest, room));
  const lines = [headLine(rows, options)];
  for (const row of shown) lines.push(rowLine(row, titleWidth, wordWidth, options));
  const hidden = rows.length - shown.length;
  if (hidden > 0)
    lines.push(truncate(options.colors.dim(`   … ${describeHidden(rows, shown)}`), options.columns - 1));
  return options.maxLines === undefined ? lines : lines.slice(0, Math.max(1, options.maxLines));
}

function headLine(rows: readonly Row[], options: FrameOptions): string {
  const finished = rows.filter((row) => row.state !== "active" && row.state !== "waiting").length;
  const elapsed = formatElapsed(options.now - options.startedAt);
  const left = `${options.colors.bold(options.project)} ${finished}/${rows.length}`;
  return withRight(left, elapsed, options.columns, options.colors.dim);
}

function rowLine(row: Row, titleWidth: number, wordWidth: number, options: FrameOptions): string {
  const paint = paintOf(row.state, options.colors);
  const icon = row.state === "active" ? options.spinner : ICON[row.state];
  const title = padEnd(truncate(row.title, titleWidth), titleWidth);
  const left = ` ${paint(icon)} ${title}  ${paint(padEnd(row.word, wordWidth))}`;
  const elapsed = elapsedOf(row, options.now);
  const room = options.columns - 1 - displayWidth(left) - ELAPSED_WIDTH - 1;
  const detail = detailOf(row);
  const middle =
    detail === "" || room < 10 ? "" : ` ${options.colors.dim(fitDetail(row, detail, room, options.now))}`;
  return withRight(left + middle, elapsed, options.columns, options.colors.dim);
}

/** A build step keeps its own time in view, however long its text is. */
function fitDetail(row: Row, detail: string, room: number, now: number): string {
  if (row.state !== "active" || row.detailSince === undefined) return truncate(detail, room);
  const time = ` ${formatElapsed(now - row.detailSince)}`;
  return truncate(detail, room - time.length) + time;
}

function detailOf(row: Row): string {
  if (row.state === "failed") return row.error?.message.split("\n")[0] ?? "";
  return row.state === "active" ? row.detail : "";
}

function elapsedOf(row: Row, now: number): string {
  if (row.startedAt === undefined) return "";
  return formatElapsed((row.finishedAt ?? now) - row.startedAt);
}

function withRight(left: string, right: string, columns: number, paint: Paint): string {
  const fitting = truncate(left, Math.max(1, columns - 1 - (right === "" ? 0 : right.length + 1)));
  return right === "" ? fitting.trimEnd() : padEnd(fitting, columns - 1 - right.length) + paint(right);
}

/** The most urgent rows, in their own order. */
function chooseRows(rows: readonly Row[], limit: number | undefined): readonly Row[] {
  if (limit === undefined || rows.length <= limit + 1) return rows;
  const byUrgency = [...rows].sort(
    (a, b) => URGENCY[a.state] - URGENCY[b.state] || (b.finishedAt ?? 0) - (a.finishedAt ?? 0),
  );
  const chosen = new Set(byUrgency.slice(0, limit));
  return rows.filter((row) => chosen.has(row));
}

function describeHidden(rows: readonly Row[], shown: readonly Row[]): string {
  const visible = new Set(shown);
  const amounts = new Map<string, number>();
  for (const row of rows) {
    if (visible.has(row)) continue;
    const word = row.state === "active" ? "in progress" : row.state;
    amounts.set(word, (amounts.get(word) ?? 0) + 1);
  }
  const parts = [...amounts].map(([word, amount]) => `${amount} ${word}`);
  return `${count(rows.length - shown.length, "more line")}: ${parts.join(", ")}`;
}

function paintOf(state: RowState, colors: Palette): Paint {
  switch (state) {
    case "done":
      return colors.green;
    case "failed":
      return colors.red;
    case "active":
      return colors.cyan;
    case "aborted":
    case "blocked":
    case "skipped":
      return colors.yellow;
    case "waiting":
      return colors.dim;
    default:
      return state satisfies never;
  }
}
