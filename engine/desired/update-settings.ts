/** How containers are replaced: `x-tcompose.update` of a service, or of the stack for all of them. */
import type { JsonValue, Service, Stack } from "../../schema/model.ts";
import { parseDuration } from "../../schema/quantity.ts";
import { member } from "./on-change.ts";

export interface UpdateSettings {
  /** Absent: as the command says. */
  readonly order?: "start-first" | "stop-first";
  /** How long an old container serves on beside its ready replacement. Milliseconds. */
  readonly drainMs: number;
  /** Two containers of it can run side by side: nothing that they hold is one of a kind. */
  readonly canOverlap: boolean;
}

export function updateSettingsOf(stack: Stack, service: Service): UpdateSettings {
  const own = member(service["x-tcompose"], "update");
  const shared = member(stack.extensions["x-tcompose"], "update");
  const setting = (key: string): JsonValue | undefined => member(own, key) ?? member(shared, key);
  const order = setting("order");
  const drain = setting("drain");
  return {
    ...(order === "start-first" || order === "stop-first" ? { order } : {}),
    drainMs: typeof drain === "string" ? (parseDuration(drain) ?? 0) : 0,
    canOverlap: canOverlap(service),
  };
}

export interface ReadinessSettings {
  /** How long a container without health check must run to count as running. Milliseconds. */
  readonly stableMs?: number;
  /** `false`: no probing of our own between the engine's health checks. */
  readonly probe?: false;
}

/** `x-tcompose.readiness` of a service, over that of the stack. What is absent is the executor's default. */
export function readinessOf(stack: Stack, service: Service): ReadinessSettings {
  const own = member(service["x-tcompose"], "readiness");
  const shared = member(stack.extensions["x-tcompose"], "readiness");
  const stableFor = member(own, "stable_for") ?? member(shared, "stable_for");
  const probe = member(own, "probe") ?? member(shared, "probe");
  const stableMs = typeof stableFor === "string" ? parseDuration(stableFor) : undefined;
  return { ...(stableMs === undefined ? {} : { stableMs }), ...(probe === false ? { probe } : {}) };
}

/** Host ports, addresses and namespaces of others are held by one container at a time. */
function canOverlap(service: Service): boolean {
  const hasFixedPort = (service.ports ?? []).some(
    ({ published }) => published !== undefined && published !== "" && published !== "0",
  );
  const hasAddress = Object.values(service.networks ?? {}).some(
    (network) =>
      network?.ipv4_address !== undefined ||
      network?.ipv6_address !== undefined ||
      network?.mac_address !== undefined,
  );
  const mode = service.network_mode ?? "";
  const isShared = mode === "host" || mode.includes(":");
  return !hasFixedPort && !hasAddress && !isShared && service.mac_address === undefined;
}
