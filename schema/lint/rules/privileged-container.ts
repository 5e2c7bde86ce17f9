import type { LintRule } from "../rule.ts";

export const privilegedContainer: LintRule = {
  code: "privileged-container",
  severity: "warning",
  summary: "Containers do not run privileged.",
  explanation:
    'A privileged container can do nearly everything that root on the host can. Add the capability or the device that is needed ("cap_add", "devices") instead.',
  *checkStack(stack) {
    for (const [name, service] of Object.entries(stack.services)) {
      if (service.privileged !== true) continue;
      const path = ["services", name, "privileged"];
      const range = stack.locate(path);
      if (range === undefined) continue;
      yield {
        message: `service "${name}" runs with nearly all rights of the host`,
        range,
        path: path.join("."),
        hint: 'add single rights with "cap_add" or "devices"',
      };
    }
  },
};
