/** Problems of the stack files as text for standard error. */
import { positionAt, type Diagnostic, type SourceFile } from "../schema/diagnostic.ts";
import type { CliContext } from "./context.ts";
import type { Palette } from "./render/color.ts";

export function renderProblems(
  diagnostics: readonly Diagnostic[],
  sources: readonly SourceFile[],
  _context: CliContext,
  colors: Palette,
): string {
  return diagnostics
    .map((d) => {
      const text = d.range && sources.find((s) => s.path === d.range?.file)?.text;
      const at = d.range && text !== undefined ? positionAt(text, d.range.start) : undefined;
      const place = d.range ? `${d.range.file}${at ? `:${at.line}:${at.column}` : ""}: ` : "";
      return `${place}${colors.red(d.severity)}: ${d.message}${d.hint ? `\n${colors.cyan("hint:")} ${d.hint}` : ""}`;
    })
    .join("\n");
}
