/** All practice rules over a stack and its files, together with what loading found. */
import type { Diagnostic, SourceFile } from "../diagnostic.ts";
import type { LoadResult, Stack } from "../model.ts";
import { didYouMean } from "../suggest.ts";
import { type LintFile, parseLintFile } from "./lint-file.ts";
import type { LintFinding, LintRule, TextEdit } from "./rule.ts";
import { LINT_RULES } from "./rules.ts";
import { isSilencedAt, silencesOf, type Silences } from "./silence.ts";

export interface LintProblem extends Diagnostic {
  /** Edits that mend it; absent where only a person can. */
  readonly fix?: readonly TextEdit[];
}

/**
 * Problems of a loaded (or refused) stack in the order of files and places: loader diagnostics, then findings of the
 * rules, less what comments silence. Errors cannot be silenced. Pure.
 */
export function lint(loaded: LoadResult, rules: readonly LintRule[] = LINT_RULES): LintProblem[] {
  const sources = loaded.ok ? loaded.stack.sources : loaded.sources;
  const stack = loaded.ok ? loaded.stack : undefined;
  const files = sources.filter(isStackFile).flatMap((source) => parseLintFile(source) ?? []);
  const found = rules.flatMap((rule) => findings(rule, files, stack));
  const silences = silencesOf(files.map((file) => file.source));
  const problems = [
    ...withoutRepeats(loaded.diagnostics, found),
    ...unknownCodes(silences, loaded.diagnostics, rules),
  ];
  return sortByPlace(
    problems.filter(
      ({ severity, code, range }) => severity === "error" || !isSilencedAt(silences, code, range),
    ),
    sources,
  );
}

function isStackFile(source: SourceFile): boolean {
  return source.path === "-" || /\.ya?ml$/i.test(source.path);
}

function findings(rule: LintRule, files: readonly LintFile[], stack: Stack | undefined): LintProblem[] {
  const all: LintFinding[] = [];
  for (const file of files) all.push(...(rule.checkFile?.(file, stack) ?? []));
  if (stack !== undefined) all.push(...(rule.checkStack?.(stack) ?? []));
  return all.map((finding) => ({ severity: rule.severity, code: rule.code, ...finding }));
}

/** The loader warns about some of what rules know too; the rule's finding, which may bring a fix, stands for both. */
function withoutRepeats(diagnostics: readonly Diagnostic[], found: readonly LintProblem[]): LintProblem[] {
  const key = (problem: Diagnostic): string =>
    `${problem.code}\0${problem.range?.file}\0${problem.range?.start}`;
  const known = new Set(found.map(key));
  return [...diagnostics.filter((diagnostic) => !known.has(key(diagnostic))), ...found];
}

/** A comment that names a code which does not exist silences nothing, and its writer should know. */
function unknownCodes(
  all: Silences,
  diagnostics: readonly Diagnostic[],
  rules: readonly LintRule[],
): LintProblem[] {
  const known = new Set([
    ...rules.map((rule) => rule.code),
    ...diagnostics.map((diagnostic) => diagnostic.code),
  ]);
  const codes = [...all.values()].flatMap(({ silences }) => silences.flatMap((silence) => silence.codes));
  return codes.flatMap(({ code, range }) => {
    const hint = known.has(code) ? undefined : didYouMean(code, known);
    if (hint === undefined) return [];
    return [
      { severity: "warning", code: "unknown-lint-code", message: `there is no rule "${code}"`, range, hint },
    ];
  });
}

function sortByPlace(problems: readonly LintProblem[], sources: readonly SourceFile[]): LintProblem[] {
  const order = new Map(sources.map((source, index) => [source.path, index]));
  const fileOf = (problem: LintProblem): number =>
    problem.range === undefined ? -1 : (order.get(problem.range.file) ?? order.size);
  return problems.toSorted((a, b) => fileOf(a) - fileOf(b) || (a.range?.start ?? 0) - (b.range?.start ?? 0));
}
