/** Event sequences for reporter tests. */
import { sequenceEvents, type EngineEvent, type EventBody } from "../../../engine/event.ts";

/** Events a tenth of a second apart, from time 0. */
export function script(bodies: readonly EventBody[]): EngineEvent[] {
  const events: EngineEvent[] = [];
  let time = -100;
  const emit = sequenceEvents(
    (event) => events.push(event),
    () => (time += 100),
  );
  bodies.forEach(emit);
  return events;
}

const web = { type: "container", name: "app-web-1", service: "web" } as const;
const db = { type: "container", name: "app-db-1", service: "db" } as const;
const network = { type: "network", name: "app_default" } as const;

export const planOfTwo: EventBody = {
  type: "plan",
  project: "app",
  operations: [
    { id: "network.create:app_default", kind: "network.create", resource: network },
    { id: "container.start:app-db-1", kind: "container.start", resource: db },
    {
      id: "ready.wait:db",
      kind: "ready.wait",
      resource: { type: "service", name: "db" },
      condition: "healthy",
      containers: ["app-db-1"],
    },
    { id: "container.create:app-web-1", kind: "container.create", resource: web },
    { id: "container.start:app-web-1", kind: "container.start", resource: web },
  ],
  unchanged: [],
};

export function started(operation: string): EventBody {
  return { type: "operation-started", operation };
}

export function succeeded(operation: string): EventBody {
  return { type: "operation-finished", operation, outcome: "succeeded", durationMs: 100 };
}
