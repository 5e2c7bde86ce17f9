/** Makes the edits that rules propose. */
import type { SourceFile } from "../diagnostic.ts";
import type { LintProblem } from "./lint.ts";
import type { TextEdit } from "./rule.ts";

export interface FixedFile {
  readonly path: string;
  readonly text: string;
  /** How many problems the new text no longer has. */
  readonly fixed: number;
}

/** The files that change, with their new text. A fix that overlaps an earlier one is left for the next run. */
export function fixProblems(sources: readonly SourceFile[], problems: readonly LintProblem[]): FixedFile[] {
  const changed: FixedFile[] = [];
  for (const source of sources) {
    const accepted: TextEdit[] = [];
    let fixed = 0;
    for (const problem of problems) {
      const fix = problem.fix?.filter((edit) => edit.file === source.path) ?? [];
      if (fix.length === 0 || fix.some((edit) => accepted.some((other) => overlap(edit, other)))) continue;
      accepted.push(...fix);
      fixed += 1;
    }
    if (fixed > 0) changed.push({ path: source.path, text: applyEdits(source.text, accepted), fixed });
  }
  return changed;
}

/** The text with all edits made; they must not overlap. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let result = "";
  let at = 0;
  for (const edit of edits.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + text.slice(at);
}

function overlap(a: TextEdit, b: TextEdit): boolean {
  return a.start < b.end && b.start < a.end;
}
