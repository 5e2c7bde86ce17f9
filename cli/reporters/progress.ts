/**
 * Engine events folded into one row a resource: what is being done to it now, since when, how it ended. Pure state:
 * the plain reporter prints the updates, the terminal reporter draws the rows.
 */
import type { ErrorFacts } from "../../engine/error-facts.ts";
import type { EngineEvent, OperationSummary, Outcome, Progress } from "../../engine/event.ts";
import type { OperationId, ResourceRef } from "../../engine/plan/operation.ts";
import { formatElapsed } from "../render/quantity.ts";
import { Transfers } from "./transfers.ts";
import { operationWords, resourceTitle, waitWords, type WordPair } from "./words.ts";

export type RowState = "waiting" | "active" | "done" | "failed" | "blocked" | "skipped" | "aborted";

export interface Row {
  readonly key: string;
  readonly title: string;
  state: RowState;
  /** `Starting`, `Started`, ...; empty before anything happened. */
  word: string;
  /** The newest thing known about the work: a build step, bytes transferred. */
  detail: string;
  /** Since when, for details with a time of their own: build steps. Unix milliseconds. */
  detailSince: number | undefined;
  startedAt: number | undefined;
  finishedAt: number | undefined;
  error: ErrorFacts | undefined;
  /** Operations that have not ended, and those of them that are under way. */
  pending: number;
  active: number;
}

/** A row got a new word, or a line of output came out of its work. */
export type RowUpdate =
  | { readonly type: "word"; readonly row: Row; readonly word: string; readonly detail?: string }
  | { readonly type: "output"; readonly row: Row; readonly line: string };

interface Tracked {
  readonly summary: OperationSummary;
  readonly rows: readonly Row[];
  readonly words: WordPair | undefined;
  /** Of images that are pulled and pushed. Builds have steps instead, of which transfers are details. */
  readonly transfers: Transfers | undefined;
}

export class ProgressModel {
  readonly rows = new Map<string, Row>();
  project = "";
  readonly #operations = new Map<OperationId, Tracked>();

  apply(event: EngineEvent): RowUpdate[] {
    switch (event.type) {
      case "plan":
        this.project = event.project;
        return this.#begin(event.operations, event.unchanged ?? [], event.completed ?? []);
      case "operation-started":
        return this.#start(event.operation, event.time);
      case "operation-progress":
        return this.#progress(event.operation, event.progress, event.time);
      case "operation-finished":
        return this.#finish(event.operation, event.outcome, event.time, event.error);
      case "warning":
      case "log":
      case "container-state":
      case "watch":
      case "finished":
        return [];
      default:
        return event satisfies never;
    }
  }

  #begin(
    operations: readonly OperationSummary[],
    unchanged: readonly ResourceRef[],
    completed: readonly string[],
  ): RowUpdate[] {
    this.rows.clear();
    this.#operations.clear();
    const made = createdContainers(operations);
    const recreated = recreatedResources(operations, made);
    const updates: RowUpdate[] = [];
    for (const resource of unchanged) {
      if (resource.type !== "container") continue;
      const row = this.#row(resource);
      row.state = "done";
      row.word = completed.includes(resource.name) ? "Exited" : "Running";
      updates.push({ type: "word", row, word: row.word });
    }
    for (const summary of operations) {
      const key = keyOf(summary.resource);
      this.#track(summary, { recreate: recreated.has(key), made: made.has(key) });
    }
    return updates;
  }

  #track(summary: OperationSummary, container: { readonly recreate: boolean; readonly made: boolean }): void {
    const waiting = summary.kind === "ready.wait";
    const words = waiting ? waitWords(summary.condition) : operationWords(summary.kind, container);
    const refs: readonly ResourceRef[] =
      waiting && summary.containers !== undefined
        ? summary.containers.map((name) => ({ type: "container", name }))
        : [summary.resource];
    const rows = waiting && words === undefined ? [] : refs.map((ref) => this.#row(ref));
    for (const row of rows) {
      row.finishedAt = undefined;
      row.pending += 1;
      if (row.state === "done" && !waiting) row.state = "waiting";
    }
    const transfers = summary.kind === "image.build" ? undefined : new Transfers();
    this.#operations.set(summary.id, { summary, rows, words, transfers });
  }

  #row(resource: ResourceRef): Row {
    const key = keyOf(resource);
    const known = this.rows.get(key);
    if (known !== undefined) return known;
    const row: Row = {
      key,
      title: resourceTitle(resource),
      state: "waiting",
      word: "",
      detail: "",
      detailSince: undefined,
      startedAt: undefined,
      finishedAt: undefined,
      error: undefined,
      pending: 0,
      active: 0,
    };
    this.rows.set(key, row);
    return row;
  }

  #start(id: OperationId, time: number): RowUpdate[] {
    const tracked = this.#operations.get(id);
    if (tracked === undefined) return [];
    return tracked.rows.flatMap((row) => {
      row.active += 1;
      row.state = "active";
      row.startedAt ??= time;
      return say(row, tracked.words?.during);
    });
  }

  #progress(id: OperationId, progress: Progress, time: number): RowUpdate[] {
    const tracked = this.#operations.get(id);
    if (tracked === undefined) return [];
    const detail = progressText(progress, tracked.transfers);
    return tracked.rows.flatMap((row): RowUpdate[] => {
      if (detail !== undefined) {
        row.detail = detail;
        row.detailSince = progress.type === "step" ? time : undefined;
      }
      const line = outputLine(progress);
      return line === undefined ? [] : [{ type: "output", row, line }];
    });
  }

  #finish(id: OperationId, outcome: Outcome, time: number, error: ErrorFacts | undefined): RowUpdate[] {
    const tracked = this.#operations.get(id);
    if (tracked === undefined) return [];
    return tracked.rows.flatMap((row) => {
      row.pending -= 1;
      if (outcome !== "blocked" && row.active > 0) row.active -= 1;
      row.detail = "";
      const ended = row.state === "failed";
      if (row.pending === 0 && row.startedAt !== undefined) row.finishedAt ??= time;
      switch (outcome) {
        case "succeeded":
          if (!ended) row.state = stateOf(row);
          return say(row, tracked.words?.after);
        case "failed":
          row.state = "failed";
          row.error = error;
          row.finishedAt = time;
          row.word = "Error";
          return [{ type: "word" as const, row, word: "Error", detail: error?.message ?? "" }];
        case "blocked":
        case "aborted":
          if (!ended) row.state = outcome;
          return [];
        case "skipped":
          if (!ended) row.state = outcome;
          // A failure that counts for nothing is told all the same.
          row.detail = error?.message ?? "";
          return say(row, "Skipped").map((update) => ({ ...update, detail: row.detail }));
        default:
          return outcome satisfies never;
      }
    });
  }
}

function stateOf(row: Row): RowState {
  if (row.pending === 0) return "done";
  return row.active > 0 ? "active" : "waiting";
}

function say(row: Row, word: string | undefined): RowUpdate[] {
  if (word === undefined || word === "" || word === row.word) return [];
  row.word = word;
  return [{ type: "word", row, word }];
}

function keyOf(resource: ResourceRef): string {
  return `${resource.type}:${resource.name}`;
}

function createdContainers(operations: readonly OperationSummary[]): ReadonlySet<string> {
  return new Set(operations.filter((o) => o.kind === "container.create").map((o) => keyOf(o.resource)));
}

/** Containers that are made anew under a temporary name and renamed. */
function recreatedResources(
  operations: readonly OperationSummary[],
  created: ReadonlySet<string>,
): ReadonlySet<string> {
  return new Set(
    operations
      .filter((o) => o.kind === "container.rename" || o.kind === "container.remove")
      .map((o) => keyOf(o.resource))
      .filter((key) => created.has(key)),
  );
}

function progressText(progress: Progress, transfers: Transfers | undefined): string | undefined {
  switch (progress.type) {
    case "transfer":
      return transfers?.take(progress);
    case "step":
      return progress.state === "started" ? progress.name : undefined;
    case "output":
      return undefined;
    case "state":
      return progress.state;
    default:
      return progress satisfies never;
  }
}

/** Steps that were faster need no line of their own to say so. */
const NOTABLE_MS = 100;

/** Build steps and their output, and attempts that failed, as lines for a log. */
function outputLine(progress: Progress): string | undefined {
  if (progress.type === "transfer") {
    const { reason, delayMs = 0 } = progress;
    return reason === undefined ? undefined : `${reason}: trying again in ${formatElapsed(delayMs)}`;
  }
  if (progress.type === "output") return progress.line;
  if (progress.type !== "step") return undefined;
  if (progress.state === "started") return progress.name;
  if (progress.state === "cached") return `${progress.name}  CACHED`;
  if (progress.state === "failed") return `${progress.name}  FAILED`;
  const { durationMs = 0 } = progress;
  return durationMs < NOTABLE_MS ? undefined : `${progress.name}  DONE ${formatElapsed(durationMs)}`;
}
