/** What went wrong (or may hurt) in the stack files, as data. Text frames are made by `cli/render`. */

/** One text that the loader read; `path` is absolute, or `-` for standard input. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** A half-open range of UTF-16 offsets into one source file. Line and column are computed late, see `positionAt`. */
export interface SourceRange {
  readonly file: string;
  readonly start: number;
  readonly end: number;
}

/** 1-based line and column, as editors count. */
export interface SourcePosition {
  readonly line: number;
  readonly column: number;
}

export type Severity = "error" | "warning" | "info";

/** A related place: where an alias was defined, which file included this one, the first of two duplicates. */
export interface RelatedPlace {
  readonly message: string;
  readonly range: SourceRange;
}

export interface Diagnostic {
  readonly severity: Severity;
  /** Stable, kebab-case, e.g. `unknown-key`, `undefined-service`, `dependency-cycle`. */
  readonly code: string;
  /** One sentence: what was found and what was expected. No trailing newline. */
  readonly message: string;
  /** Dotted path in the stack, e.g. `services.web.ports[0]`. */
  readonly path?: string;
  /** The exact key or value; absent only where no text exists (a missing file named on the command line). */
  readonly range?: SourceRange;
  readonly related?: readonly RelatedPlace[];
  /** What to do about it, e.g. `did you mean "image"?`. */
  readonly hint?: string;
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((d) => d.severity === "error");
}

/** Line and column of an offset. Counts `\n`; linear in the offset, so call it at the reporting edge only. */
export function positionAt(text: string, offset: number): SourcePosition {
  let line = 1;
  let lineStart = 0;
  for (let i = text.indexOf("\n"); i !== -1 && i < offset; i = text.indexOf("\n", i + 1)) {
    line += 1;
    lineStart = i + 1;
  }
  return { line, column: offset - lineStart + 1 };
}
