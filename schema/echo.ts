/** Tells follow-ups from mistakes: one slip may be noticed by several stages, and the reader wants to hear of it once. */
import type { Severity, SourceRange } from "./diagnostic.ts";

interface Problem {
  readonly severity?: Severity;
  readonly code: string;
  readonly path?: string;
  readonly range?: SourceRange | undefined;
  readonly hint?: string | undefined;
}

/** Only errors that come after another error are ever echoes, so that leaving them out makes no bad file good. */
export class EchoFilter {
  readonly #errorPlaces = new Set<string>();
  /** Paths of services with a key that was meant to be `image` or `build`. */
  readonly #misspeltSources = new Set<string>();

  /** Whether the problem only repeats what was noted before: a value of a wrong type that cannot be read either. */
  isEcho(problem: Problem): boolean {
    if ((problem.severity ?? "error") !== "error") return false;
    if (problem.code === "no-image") return this.#misspeltSources.has(problem.path ?? "");
    return problem.code.startsWith("invalid-") && this.#errorPlaces.has(placeOf(problem.range));
  }

  note(problem: Problem): void {
    if ((problem.severity ?? "error") !== "error") return;
    if (problem.range !== undefined) this.#errorPlaces.add(placeOf(problem.range));
    if (problem.code !== "unknown-key" || problem.path === undefined) return;
    if (/"(image|build)"/.test(problem.hint ?? "")) this.#misspeltSources.add(problem.path.slice(0, problem.path.lastIndexOf(".")));
  }
}

function placeOf(range: SourceRange | undefined): string {
  return range === undefined ? "" : `${range.file}\0${range.start}`;
}
