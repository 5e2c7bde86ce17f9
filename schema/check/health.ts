/** Health checks: their form, and who waits for them. */
import type { Healthcheck, Service } from "../model.ts";
import { parseDuration } from "../quantity.ts";
import { quote } from "../words.ts";
import { type CheckInput, serviceEntries, type Finding, has } from "./report.ts";

const TEST_KINDS = ["CMD", "CMD-SHELL", "NONE"];

export function* checkHealth(input: CheckInput): Generator<Finding> {
  for (const [name, service] of serviceEntries(input)) {
    if (service.healthcheck !== undefined) yield* checkHealthcheck(name, service.healthcheck);
    yield* checkWaiting(input, name, service);
  }
}

function* checkHealthcheck(name: string, check: Healthcheck): Generator<Finding> {
  const path = ["services", name, "healthcheck"];
  const [kind] = check.test ?? [];
  if (kind !== undefined && !TEST_KINDS.includes(kind)) {
    yield {
      code: "bad-format",
      message: `the health check of service "${name}" starts with ${quote(kind)}; expected "CMD", "CMD-SHELL" or "NONE"`,
      path: [...path, "test", 0],
      hint: `write ["CMD", ${JSON.stringify(kind)}, ...]`,
    };
  }
  if (isPositive(check.start_interval) && !isPositive(check.start_period)) {
    yield {
      severity: "warning",
      code: "start-interval-alone",
      message: `the health check of service "${name}" sets "start_interval" without "start_period", which engines refuse`,
      path: [...path, "start_interval"],
      target: "key",
      hint: 'add "start_period"',
    };
  }
}

function isPositive(duration: string | undefined): boolean {
  return duration !== undefined && (parseDuration(duration) ?? 0) > 0;
}

/** `service_healthy` on a service without a health check works only if the image brings one. */
function* checkWaiting(input: CheckInput, name: string, service: Service): Generator<Finding> {
  for (const [target, dependency] of Object.entries(service.depends_on ?? {})) {
    if (dependency.condition !== "service_healthy" || !has(input.services, target)) continue;
    const dependee = input.services[target];
    if (dependee === undefined || dependee.provider !== undefined) continue;
    const check = dependee.healthcheck;
    const off = check?.disable === true || check?.test?.[0] === "NONE";
    if (check?.test !== undefined && !off) continue;
    yield {
      severity: "warning",
      code: off ? "health-check-off" : "no-health-check",
      message: off
        ? `service "${name}" waits for "${target}" to be healthy, but the health check of "${target}" is switched off`
        : `service "${name}" waits for "${target}" to be healthy, but "${target}" sets no health check`,
      path: ["services", name, "depends_on", target, "condition"],
      hint: off
        ? 'wait for "service_started" instead'
        : `unless its image brings one, add "healthcheck" to "${target}"`,
      related: [{ message: `service "${target}"`, path: ["services", target], target: "key" }],
    };
  }
}
