import { entriesOf, rangeOf, type LintFile } from "../lint-file.ts";
import type { LintFinding, LintRule, TextEdit } from "../rule.ts";

export const obsoleteVersion: LintRule = {
  code: "obsolete-version",
  severity: "warning",
  summary: 'The top-level "version" is obsolete.',
  explanation:
    'Old versions of the format began with "version". It has had no effect for years, and tools warn about it. Delete the line.',
  fixable: true,
  *checkFile(file) {
    for (const document of file.documents) {
      for (const { name, key, value } of entriesOf(document.contents)) {
        if (name !== "version") continue;
        const range = rangeOf(file, key);
        const end = value === null ? range.end : rangeOf(file, value).end;
        const fix = removeLine(file, range.start, end);
        yield {
          message: 'the top-level "version" has no effect',
          range,
          path: "version",
          hint: "delete the line",
          ...fix,
        };
      }
    }
  },
};

/** Only where the pair has lines of its own: `{ version: "3", ... }` stays. One blank line behind goes too. */
function removeLine(file: LintFile, start: number, end: number): Pick<LintFinding, "fix"> {
  const { text, path } = file.source;
  const before = text.slice(text.lastIndexOf("\n", start - 1) + 1, start);
  const rest = /^[ \t]*(?:#[^\n]*)?(?:\r?\n|$)(?:[ \t]*\r?\n)?/.exec(text.slice(end));
  if (before.trim() !== "" || rest === null) return {};
  const edit: TextEdit = { file: path, start: start - before.length, end: end + rest[0].length, text: "" };
  return { fix: [edit] };
}
