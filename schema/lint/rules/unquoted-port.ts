import { isBaseSixty } from "../../check/base-sixty.ts";
import { isPlainScalar, itemsOf, rangeOf, servicesOf, valueAt } from "../lint-file.ts";
import type { LintRule } from "../rule.ts";

export const unquotedPort: LintRule = {
  code: "unquoted-port",
  severity: "warning",
  summary: "Port mappings stand in quotes.",
  explanation:
    "To many YAML readers two numbers with a colon between them are one number in base 60: 22:22 becomes 1342. Whether that happens depends on the tool and on the numbers, so put every mapping in quotes.",
  fixable: true,
  *checkFile(file) {
    for (const { name, value: service } of servicesOf(file)) {
      for (const [index, item] of itemsOf(valueAt(service, "ports")).entries()) {
        if (!isPlainScalar(item)) continue;
        const text = item.source ?? "";
        if (!/^\d+:\d/.test(text)) continue;
        const range = rangeOf(file, item);
        yield {
          message: isBaseSixty(text)
            ? `some YAML readers take ${text} for a number in base 60`
            : `the port mapping ${text} is not in quotes`,
          range,
          path: `services.${name}.ports[${index}]`,
          hint: `write "${text}"`,
          fix: [{ file: range.file, start: range.start, end: range.end, text: `"${text}"` }],
        };
      }
    }
  },
};
