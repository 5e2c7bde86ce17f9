import type { LintRule } from "../rule.ts";

export const weakDependency: LintRule = {
  code: "weak-dependency",
  severity: "info",
  summary: "A dependency with a health check is waited for until it is healthy.",
  explanation:
    'The short form of "depends_on" waits until the other container has started, which is before it can be used. Where the other service has a health check, "condition: service_healthy" waits for that.',
  *checkStack(stack) {
    for (const [name, service] of Object.entries(stack.services)) {
      const implied = new Set((service.links ?? []).map((link) => link.split(":", 1)[0]));
      for (const [target, dependency] of Object.entries(service.depends_on ?? {})) {
        const check = Object.hasOwn(stack.services, target) ? stack.services[target]?.healthcheck : undefined;
        const isChecked = check?.test !== undefined && check.test[0] !== "NONE" && check.disable !== true;
        if (dependency.condition !== "service_started" || !isChecked || implied.has(target)) continue;
        const range = stack.locate(["services", name, "depends_on", target]);
        if (range === undefined) continue;
        yield {
          message: `service "${name}" waits for "${target}" to start only, though "${target}" has a health check`,
          range,
          path: `services.${name}.depends_on.${target}`,
          hint: 'write "condition: service_healthy"',
        };
      }
    }
  },
};
