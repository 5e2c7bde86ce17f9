/** Version, system information and the event stream. */
import type { EventsOptions, ReadOnlyEngine } from "./api.ts";
import { podmanEventFilters, toDockerEvent } from "./podman-event.ts";
import { encodeFilters } from "./query.ts";
import type { Transport } from "./transport.ts";
import type { EngineInfo, EngineVersion } from "./types-system.ts";
import type { EngineMessage } from "./types.ts";

type SystemCalls = Pick<ReadOnlyEngine, "version" | "info" | "events">;

export function systemCalls(transport: Transport, flavour: "docker" | "podman"): SystemCalls {
  return {
    version: (options) =>
      transport.json<EngineVersion>({ method: "GET", path: "/version", signal: options?.signal }),
    info: (options) => transport.json<EngineInfo>({ method: "GET", path: "/info", signal: options?.signal }),
    events: (options) => streamEvents(transport, flavour, options),
  };
}

async function* streamEvents(
  transport: Transport,
  flavour: "docker" | "podman",
  options: EventsOptions,
): AsyncGenerator<EngineMessage> {
  const { since, until, signal } = options;
  const filters = flavour === "podman" ? podmanEventFilters(options.filters) : options.filters;
  const query = { since, until, filters: encodeFilters(filters) };
  const call = { method: "GET", path: "/events", query, signal } as const;
  try {
    if (isAborted(signal)) return;
    for await (const message of transport.lines<EngineMessage>(call, options.onOpen)) {
      const told = flavour === "podman" ? toDockerEvent(message) : message;
      if (told !== undefined) yield told;
      if (isAborted(signal)) return;
    }
  } catch (error) {
    // The end of a subscription, not a failure.
    if (isAborted(signal)) return;
    throw error;
  }
}

function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}
