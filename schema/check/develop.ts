/** Rules of watch mode. */
import type { WatchRule } from "../model.ts";
import { serviceEntries, type CheckInput, type Finding } from "./report.ts";

export function* checkDevelop(input: CheckInput): Generator<Finding> {
  for (const [name, service] of serviceEntries(input)) {
    for (const [index, rule] of (service.develop?.watch ?? []).entries()) {
      yield* checkRule(name, index, rule, service.build !== undefined);
    }
  }
}

function* checkRule(name: string, index: number, rule: WatchRule, isBuilt: boolean): Generator<Finding> {
  const path = ["services", name, "develop", "watch", index];
  const copies = rule.action !== "rebuild" && rule.action !== "restart";
  if (copies && (rule.target ?? "") === "") {
    yield {
      code: "missing-key",
      message: `service "${name}": a watch rule with action "${rule.action}" needs a "target"`,
      path,
      hint: 'say where in the container the files go, e.g. "target: /app"',
    };
  }
  if (rule.action === "rebuild" && !isBuilt) {
    yield {
      severity: "warning",
      code: "rebuild-without-build",
      message: `service "${name}" has a watch rule that rebuilds it, but no build`,
      path: [...path, "action"],
    };
  }
}
