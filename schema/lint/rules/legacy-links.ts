import type { LintRule } from "../rule.ts";

export const legacyLinks: LintRule = {
  code: "legacy-links",
  severity: "info",
  summary: 'Networks make "links" unnecessary.',
  explanation:
    'Services on one network reach each other by name. "links" adds only aliases and an order of starting; "networks.NAME.aliases" and "depends_on" say that plainly.',
  *checkStack(stack) {
    for (const [name, service] of Object.entries(stack.services)) {
      if ((service.links ?? []).length === 0) continue;
      const range = stack.locate(["services", name, "links", 0]);
      if (range === undefined) continue;
      yield {
        message: `service "${name}" uses "links"`,
        range,
        path: `services.${name}.links`,
        hint: 'use "depends_on", and "aliases" of a network where another name is needed',
      };
    }
  },
};
