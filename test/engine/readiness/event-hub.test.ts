import { expect, it } from "vitest";
import type { EventsOptions, ReadOnlyEngine } from "../../../engine/docker/api.ts";
import type { EngineMessage } from "../../../engine/docker/types.ts";
import { EngineProtocolError, EngineUnreachableError } from "../../../engine/error.ts";
import { EventHub, type HubMessage } from "../../../engine/readiness/event-hub.ts";

const message: EngineMessage = {
  Type: "container",
  Action: "start",
  Actor: { ID: "1", Attributes: { name: "web" } },
  time: 1,
  timeNano: 1,
};

/** An engine whose event stream goes as scripted, connection after connection; the last one stays open. */
function engineWith(...connections: readonly (readonly (EngineMessage | Error)[])[]): ReadOnlyEngine {
  let count = 0;
  async function* events(options: EventsOptions): AsyncGenerator<EngineMessage> {
    const script = connections[count];
    count += 1;
    if (script?.[0] instanceof EngineUnreachableError) throw script[0];
    options.onOpen?.();
    for (const item of script ?? []) {
      if (item instanceof Error) throw item;
      yield item;
    }
    if (count >= connections.length)
      await new Promise((resolve) => options.signal?.addEventListener("abort", resolve));
  }
  return { flavour: "docker", events } as Partial<ReadOnlyEngine> as ReadOnlyEngine;
}

function listen(engine: ReadOnlyEngine, until: HubMessage["type"], times: number): Promise<string[]> {
  const hub = new EventHub(engine, {});
  return new Promise((resolve) => {
    const heard: string[] = [];
    hub.listen("web", ({ type }) => {
      heard.push(type);
      if (heard.filter((word) => word === until).length < times) return;
      hub.close();
      resolve(heard);
    });
    hub.open().catch(() => undefined);
  });
}

it("opens again after a broken connection and tells everybody to look again", async () => {
  const engine = engineWith([message, new EngineProtocolError("cut")], [message]);
  expect(await listen(engine, "event", 2)).toEqual(["reopened", "event", "reopened", "event"]);
});

it("tells listeners when the engine is gone", async () => {
  const engine = engineWith([message], [new EngineUnreachableError("gone", [])]);
  expect(await listen(engine, "broken", 1)).toEqual(["reopened", "event", "broken"]);
});

it("gives up on a stream that ends again and again without an event", async () => {
  const engine = engineWith([], [], [], [], [], []);
  expect((await listen(engine, "broken", 1)).at(-1)).toBe("broken");
});
