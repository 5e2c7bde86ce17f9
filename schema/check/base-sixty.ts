/** Ports that older YAML readers take for a number in base 60: `22:22` becomes 1342. */
import { serviceEntries, type CheckInput, type Finding } from "./report.ts";

const BASE_SIXTY = /^[-+]?[1-9][0-9_]*(:[0-5]?[0-9])+$/;

/** Whether a plain (unquoted) scalar is a number in base 60 to a YAML 1.1 reader. */
export function isBaseSixty(text: string): boolean {
  return BASE_SIXTY.test(text);
}

/** Warnings for short port mappings that stand unquoted and read as base 60. */
export function* checkPortTexts(input: CheckInput): Generator<Finding> {
  if (input.textAt === undefined) return;
  for (const [name, service] of serviceEntries(input)) {
    for (const index of (service.ports ?? []).keys()) {
      const path = ["services", name, "ports", index];
      const range = input.locate(path);
      const text = range && input.textAt(range);
      if (text === undefined || !isBaseSixty(text)) continue;
      yield {
        severity: "warning",
        code: "unquoted-port",
        message: `some YAML readers take ${text} for a number in base 60`,
        path,
        hint: `write "${text}"`,
      };
    }
  }
}
