/** Tells follow-ups from mistakes: one slip may be noticed by several stages, and the reader wants to hear of it once. */
import type { Severity, SourceRange } from "./diagnostic.ts";

interface Problem {
  readonly severity?: Severity;
  readonly code: string;
  readonly range?: SourceRange | undefined;
}

/** Only errors that come after another error are ever echoes, so that leaving them out makes no bad file good. */
export class EchoFilter {
  readonly #errorPlaces = new Set<string>();

  /** Whether the problem only repeats what was noted before: a value of a wrong type that cannot be read either. */
  isEcho(problem: Problem): boolean {
    return isError(problem) && problem.code.startsWith("invalid-") && this.#errorPlaces.has(placeOf(problem.range));
  }

  note(problem: Problem): void {
    if (isError(problem) && problem.range !== undefined) this.#errorPlaces.add(placeOf(problem.range));
  }
}

function isError(problem: Problem): boolean {
  return (problem.severity ?? "error") === "error";
}

function placeOf(range: SourceRange | undefined): string {
  return range === undefined ? "" : `${range.file}\0${range.start}`;
}
