import type { LintRule } from "../rule.ts";

export const fixedContainerName: LintRule = {
  code: "fixed-container-name",
  severity: "info",
  summary: "Containers get their names from the project.",
  explanation:
    'With "container_name" a service cannot have several containers, and a second copy of the stack (another checkout, a test run) cannot run on the same machine. Other services reach it by the name of the service anyway.',
  *checkStack(stack) {
    for (const [name, service] of Object.entries(stack.services)) {
      if ((service.container_name ?? "") === "") continue;
      const path = ["services", name, "container_name"];
      const range = stack.locate(path);
      if (range === undefined) continue;
      yield {
        message: `service "${name}" has a fixed container name`,
        range,
        path: path.join("."),
        hint: 'remove "container_name"',
      };
    }
  },
};
