import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { OperationError } from "../../../engine/error.ts";
import type { WatchEvent } from "../../../engine/watch/event.ts";
import { Removals } from "../../../engine/watch/removals.ts";

let events: WatchEvent[];
let restored: string[];
let there: string[];
let answer: boolean | Error;
let removals: Removals;

beforeEach(() => {
  vi.useFakeTimers();
  events = [];
  restored = [];
  there = [];
  answer = true;
  removals = create();
});
afterEach(() => {
  removals.close();
  vi.useRealTimers();
});

function create(canRestore = true): Removals {
  const restore = (service: string): Promise<boolean> => {
    restored.push(service);
    return typeof answer === "boolean" ? Promise.resolve(answer) : Promise.reject(answer);
  };
  return new Removals({
    restore: canRestore ? restore : undefined,
    empty: (services) => Promise.resolve(services.filter((name) => !there.includes(name))),
    isWatched: (service) => service !== "other",
    report: (event) => events.push(event),
    now: () => Date.now(),
  });
}

/** What the engine tells of one container, `gap` milliseconds apart. */
function tell(service: string, actions: readonly string[], gap = 100): void {
  for (const [at, Action] of actions.entries())
    removals.hear(
      {
        Type: "container",
        Action,
        Actor: { ID: `${service}-id`, Attributes: {} },
        time: 0,
        timeNano: (1000 + at * gap) * 1e6,
      },
      { id: `${service}-id`, name: `${service}-1`, service },
    );
}

const TAKEN = ["die", "destroy"];
const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(1_100);

describe("removed containers", () => {
  it("are made again when they were taken away while they ran", async () => {
    tell("web", ["start", ...TAKEN]);
    await settle();
    expect(restored).toEqual(["web"]);
    expect(events).toMatchObject([{ type: "restored", service: "web", containers: ["web-1"] }]);
  });

  it.each([
    ["stopped first", ["die", "stop", "destroy"], 100],
    ["stopped first, told in the other order", ["stop", "die", "destroy"], 100],
    ["ended long before", ["die", "destroy"], 60_000],
    ["never ran", ["destroy"], 100],
  ])("are let go when they were %s; that none is left is said once for all", async (_, actions, gap) => {
    tell("web", actions, gap);
    tell("api", actions, gap);
    await settle();
    expect(restored).toEqual([]);
    expect(events).toEqual([{ type: "gone", services: ["web", "api"] }]);
  });

  it("are nobody's matter when a successor is there, or nothing is watched", async () => {
    there = ["web"];
    tell("web", ["die", "stop", "destroy"]);
    tell("other", TAKEN);
    await settle();
    expect([events, restored]).toEqual([[], []]);
  });

  it("that somebody made again meanwhile are not told", async () => {
    answer = false;
    there = ["web"];
    tell("web", TAKEN);
    await settle();
    expect(events).toEqual([]);
  });

  it("stay away when somebody removes them again at once, and where nothing is to be made", async () => {
    tell("web", TAKEN);
    await settle();
    tell("web", ["start", ...TAKEN]);
    await settle();
    expect(restored).toEqual(["web"]);
    expect(events.map(({ type }) => type)).toEqual(["restored", "gone"]);
    removals = create(false);
    tell("web", TAKEN);
    await settle();
    expect(restored).toEqual(["web"]);
  });

  it("that cannot be made again are told with the reason", async () => {
    answer = new OperationError("container.create:web-1", "no");
    tell("web", TAKEN);
    await settle();
    expect(events).toMatchObject([{ type: "failed", action: "restore", error: { message: "no" } }]);
  });
});
