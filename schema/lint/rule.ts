/** What a practice rule is: a code, words about it, and a function from a file or a stack to findings. */
import type { RelatedPlace, Severity, SourceRange } from "../diagnostic.ts";
import type { Stack } from "../model.ts";
import type { LintFile } from "./lint-file.ts";

/** Replaces a part of one file's text; offsets are those of the text before any edit. */
export interface TextEdit {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface LintFinding {
  /** One sentence without a trailing period. */
  readonly message: string;
  readonly range: SourceRange;
  /** Dotted path in the stack. */
  readonly path?: string;
  readonly hint?: string;
  readonly related?: readonly RelatedPlace[];
  /** Edits that mend it without changing what the file means. All are made, or none. */
  readonly fix?: readonly TextEdit[];
}

export interface LintRule {
  /** Stable, kebab-case; what comments name to silence it. */
  readonly code: string;
  readonly severity: Exclude<Severity, "error">;
  /** What the rule wants, in one sentence. */
  readonly summary: string;
  /** Why, and what to do, in a few sentences. */
  readonly explanation: string;
  /** Whether `--fix` can mend it. */
  readonly fixable?: boolean;
  /** Findings in one file as it is written. */
  checkFile?(file: LintFile, stack: Stack | undefined): Iterable<LintFinding>;
  /** Findings in the loaded stack. */
  checkStack?(stack: Stack): Iterable<LintFinding>;
}
