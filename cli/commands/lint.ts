/** `lint`: what is wrong with the stack files, and what will hurt later; `--fix` mends what needs no thought. */
import { writeFileSync } from "node:fs";
import type { Command } from "commander";
import { UsageError } from "../../engine/error.ts";
import { checkFiles } from "../../schema/check/files.ts";
import type { SourceFile } from "../../schema/diagnostic.ts";
import { fixProblems, type FixedFile } from "../../schema/lint/fix.ts";
import { lint, type LintProblem } from "../../schema/lint/lint.ts";
import { load } from "../../schema/load.ts";
import type { LoadResult } from "../../schema/model.ts";
import type { Invocation } from "../command.ts";
import { EXIT_ERROR, EXIT_OK } from "../exit.ts";
import { createFileSystem } from "../files.ts";
import { displayPath } from "../render/source-map.ts";
import { count } from "../render/text.ts";
import { loadOptions } from "../stack.ts";

interface LintFlags {
  readonly fix?: boolean;
  readonly format: "text" | "json" | "sarif";
  readonly strict?: boolean;
  readonly rules?: boolean;
  readonly quiet?: boolean;
}

export function configure(command: Command): void {
  command
    .option("--fix", "mend what can be mended without changing what the files mean")
    .addOption(
      command
        .createOption("--format <format>", "form of the output")
        .choices(["text", "json", "sarif"])
        .default("text"),
    )
    .option("--strict", "warnings fail too")
    .option("--rules", "list the rules with their reasons")
    .option("-q, --quiet", "errors and warnings only, no advice");
}

export async function run(invocation: Invocation<LintFlags>): Promise<number> {
  const { context, flags } = invocation;
  if (flags.rules === true) {
    const { renderRules } = await import("../render/lint-rules.ts");
    context.stdout.write(`${renderRules(Math.min(100, context.stdout.columns() ?? 100))}\n`);
    return EXIT_OK;
  }
  let loaded = load(loadOptions(invocation));
  let problems = findProblems(loaded, flags);
  if (flags.fix === true) {
    const changed = fixProblems(sourcesOf(loaded), problems).filter((file) => file.path !== "-");
    for (const file of changed) {
      save(file);
      context.stderr.write(
        `fixed ${count(file.fixed, "problem")} in ${displayPath(file.path, context.cwd)}\n`,
      );
    }
    if (changed.length > 0) {
      loaded = load(loadOptions(invocation));
      problems = findProblems(loaded, flags);
    }
  }
  await print(invocation, problems, sourcesOf(loaded));
  const isFailure = problems.some(
    ({ severity }) => severity === "error" || (flags.strict === true && severity === "warning"),
  );
  return isFailure ? EXIT_ERROR : EXIT_OK;
}

function findProblems(loaded: LoadResult, flags: LintFlags): LintProblem[] {
  const withFiles = loaded.ok
    ? { ...loaded, diagnostics: [...loaded.diagnostics, ...checkFiles(loaded.stack, createFileSystem())] }
    : loaded;
  return lint(withFiles).filter(({ severity }) => flags.quiet !== true || severity !== "info");
}

function sourcesOf(loaded: LoadResult): readonly SourceFile[] {
  return loaded.ok ? loaded.stack.sources : loaded.sources;
}

function save(file: FixedFile): void {
  try {
    writeFileSync(file.path, file.text);
  } catch (error) {
    throw new UsageError(
      `cannot write ${file.path}: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
}

async function print(
  { context, flags }: Invocation<LintFlags>,
  problems: readonly LintProblem[],
  sources: readonly SourceFile[],
): Promise<void> {
  if (flags.format === "text") {
    if (problems.length === 0) return;
    const { palette } = await import("../render/color.ts");
    const { wantsColor } = await import("../terminal.ts");
    const { renderProblems } = await import("../stack-problems.ts");
    const colors = palette(wantsColor(context.stdout, context));
    context.stdout.write(`${renderProblems(problems, sources, context, colors)}\n`);
    return;
  }
  const { diagnosticsToJson, diagnosticsToSarif } = await import("../render/diagnostic-json.ts");
  const { version } = await import("../version.ts");
  const { LINT_RULES } = await import("../../schema/lint/rules.ts");
  const descriptions = Object.fromEntries(LINT_RULES.map((rule) => [rule.code, rule.summary]));
  const data =
    flags.format === "json"
      ? { diagnostics: diagnosticsToJson(problems, sources) }
      : diagnosticsToSarif(problems, sources, { version: version(), cwd: context.cwd, descriptions });
  context.stdout.write(`${JSON.stringify(data, undefined, 2)}\n`);
}
