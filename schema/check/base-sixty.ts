/** Ports that older YAML readers take for a number in base 60: `22:22` becomes 1342. */
import type { Diagnostic, SourceRange } from "../diagnostic.ts";
import type { StackPath } from "../model.ts";
import { toDiagnostic } from "./report.ts";

const BASE_SIXTY = /^[-+]?[1-9][0-9_]*(:[0-5]?[0-9])+$/;

/** Whether a plain (unquoted) scalar is a number in base 60 to a YAML 1.1 reader. */
export function isBaseSixty(text: string): boolean {
  return BASE_SIXTY.test(text);
}

/** A warning for a port whose source text, `slice`, stands there unquoted and reads as base 60; else undefined. */
export function checkPortText(slice: string, path: StackPath, range: SourceRange): Diagnostic | undefined {
  if (!isBaseSixty(slice)) return undefined;
  return toDiagnostic(
    {
      severity: "warning",
      code: "base-60-port",
      message: `some YAML readers take ${slice} for a number in base 60`,
      path,
      hint: `put it in quotes: "${slice}"`,
    },
    () => range,
  );
}
