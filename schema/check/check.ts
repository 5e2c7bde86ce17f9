/** Everything about a stack that a schema cannot say: what refers to what, what excludes what, what will hurt. */
import type { Diagnostic } from "../diagnostic.ts";
import { checkPortTexts } from "./base-sixty.ts";
import { checkConflicts } from "./conflicts.ts";
import { checkCycles } from "./cycles.ts";
import { checkDependencies } from "./dependencies.ts";
import { checkDevelop } from "./develop.ts";
import { checkHealth } from "./health.ts";
import { checkLimits } from "./limits.ts";
import { checkMounts } from "./mounts.ts";
import { checkPlatforms } from "./platforms.ts";
import { checkPorts } from "./ports.ts";
import { checkReferences } from "./references.ts";
import { type CheckInput, type Finding, toDiagnostic } from "./report.ts";
import { checkSecrets } from "./secrets.ts";
import { checkSources } from "./sources.ts";
import { checkSettings } from "./settings.ts";

const RULES: readonly ((input: CheckInput) => Iterable<Finding>)[] = [
  checkSources,
  checkPlatforms,
  checkReferences,
  checkDependencies,
  checkCycles,
  checkConflicts,
  checkLimits,
  checkMounts,
  checkHealth,
  checkDevelop,
  checkPorts,
  checkPortTexts,
  checkSecrets,
  checkSettings,
];

/** More findings of one rule help nobody, and looking up what was meant for each takes its time. */
const FINDINGS_LIMIT = 100;

/** All problems of a canonical model at once: errors, and warnings for what is legal but hurts. Pure. */
export function checkStack(input: CheckInput): Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const rule of RULES) {
    let count = 0;
    for (const finding of rule(input)) {
      found.push(toDiagnostic(finding, input.locate));
      count += 1;
      if (count === FINDINGS_LIMIT) break;
    }
  }
  return found;
}
