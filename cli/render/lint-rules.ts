/** The rules of `lint` as text. */
import { LINT_RULES } from "../../schema/lint/rules.ts";
import { wrapText } from "./wrap.ts";

export function renderRules(width: number): string {
  const blocks = LINT_RULES.map((rule) => {
    const kind = rule.severity === "info" ? "advice" : rule.severity;
    const head = `${rule.code} (${kind}${rule.fixable === true ? ", --fix" : ""})`;
    return [head, `  ${rule.summary}`, ...wrapText(`  ${rule.explanation}`, width, 2)].join("\n");
  });
  return [
    ...blocks,
    "To silence a rule: # tcompose-lint-disable-next-line CODE, # tcompose-lint-disable-line CODE,\nor # tcompose-lint-disable CODE for the whole file.",
  ].join("\n\n");
}
