/**
 * Rules on a merged file as it is written, before short forms are expanded: what excludes what inside one mapping.
 * They belong to validation, so that they hold even where the cross-reference checks are switched off.
 */
import type { Diagnostic } from "../diagnostic.ts";
import { type CheckInput, type Finding, toDiagnostic } from "./report.ts";
import { checkWrittenResources } from "./written-resources.ts";
import { checkWrittenServices } from "./written-services.ts";
import { mapping } from "./written-shape.ts";

/** All findings on a file that the schema accepts; places of the wrong type are passed over. */
export function checkWritten(value: unknown, locate: CheckInput["locate"]): Diagnostic[] {
  const root = mapping(value);
  const found: Diagnostic[] = [];
  const rules: Iterable<Finding>[] = [
    checkWrittenServices(mapping(root["services"])),
    checkWrittenResources(root),
  ];
  for (const findings of rules) {
    for (const finding of findings) found.push(toDiagnostic(finding, locate));
  }
  return found;
}
