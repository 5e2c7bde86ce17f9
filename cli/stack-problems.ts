/** Problems of the stack files as text for standard error. */
import type { Diagnostic, SourceFile } from "../schema/diagnostic.ts";
import type { CliContext } from "./context.ts";
import type { Palette } from "./render/color.ts";
import { renderDiagnostics } from "./render/diagnostic.ts";

const DEFAULT_WIDTH = 100;

export function renderProblems(
  diagnostics: readonly Diagnostic[],
  sources: readonly SourceFile[],
  context: CliContext,
  colors: Palette,
): string {
  return renderDiagnostics(diagnostics, sources, {
    color: colors.enabled,
    width: context.stderr.columns() ?? DEFAULT_WIDTH,
    cwd: context.cwd,
  });
}
