/** Health checks: durations become nanoseconds. */
import { parseDuration } from "../../../schema/quantity.ts";
import { compact } from "../../compact.ts";
import type { HealthConfig } from "../../docker/types.ts";
import type { ServiceContext } from "./context.ts";

const NANOSECONDS_PER_MS = 1_000_000;

export function mapHealthcheck(context: ServiceContext): { readonly Healthcheck?: HealthConfig } {
  const { healthcheck } = context.service;
  if (healthcheck === undefined) return {};
  if (healthcheck.disable === true) return { Healthcheck: { Test: ["NONE"] } };
  // It only makes the first success come sooner; the engine's `interval` gives the same result later.
  const canStartInterval =
    healthcheck.start_interval !== undefined &&
    context.check.takes("health-start-interval", context.name, "healthcheck.start_interval");
  return {
    Healthcheck: compact({
      Test: healthcheck.test,
      Interval: nanoseconds(healthcheck.interval),
      Timeout: nanoseconds(healthcheck.timeout),
      StartPeriod: nanoseconds(healthcheck.start_period),
      StartInterval: canStartInterval ? nanoseconds(healthcheck.start_interval) : undefined,
      Retries: healthcheck.retries,
    }),
  };
}

/** What the stack says about a health check; `unknown`: only the image can tell. */
export function healthcheckKind({ service }: ServiceContext): "declared" | "disabled" | "unknown" {
  const { healthcheck } = service;
  if (healthcheck === undefined) return "unknown";
  if (healthcheck.disable === true || healthcheck.test?.[0] === "NONE") return "disabled";
  return healthcheck.test === undefined ? "unknown" : "declared";
}

function nanoseconds(duration: string | undefined): number | undefined {
  const ms = duration === undefined ? undefined : parseDuration(duration);
  return ms === undefined ? undefined : Math.round(ms * NANOSECONDS_PER_MS);
}
