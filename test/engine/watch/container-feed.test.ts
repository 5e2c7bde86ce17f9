import { describe, expect, it } from "vitest";
import { ContainerFeed } from "../../../engine/watch/container-feed.ts";
import type { EngineMessage } from "../../../engine/docker/types.ts";
import { EngineUnreachableError } from "../../../engine/error.ts";
import { label } from "../../../engine/labels.ts";
import { FakeEngine } from "../../support/fake-engine/fake-engine.ts";
import type { Clock } from "../../../engine/execute/model.ts";

const LABELS = { [label.project]: "p", [label.service]: "web", [label.oneoff]: "False" };

/** An engine whose event stream the test ends and refuses. */
class BrittleEngine extends FakeEngine {
  refusals = 0;
  cut: () => void = () => undefined;

  override async *events(options: Parameters<FakeEngine["events"]>[0]): AsyncGenerator<EngineMessage> {
    if (this.refusals > 0) {
      this.refusals -= 1;
      throw new EngineUnreachableError("down", []);
    }
    const end = new AbortController();
    this.cut = () => end.abort();
    const signals = [end.signal, ...(options.signal === undefined ? [] : [options.signal])];
    yield* super.events({ ...options, signal: AbortSignal.any(signals) });
  }
}

async function createContainer(engine: FakeEngine, name: string): Promise<void> {
  await engine.createContainer(name, { Image: "app", Labels: LABELS, HostConfig: {} });
}

describe("container feed", () => {
  it("tells what is there, what starts and what goes, and everything again after the engine came back", async () => {
    const engine = new BrittleEngine();
    engine.addImage("app");
    await createContainer(engine, "old");
    const log: string[] = [];
    const sleeps: number[] = [];
    const stop = new AbortController();
    const clock: Clock = {
      now: () => 0,
      sleep: (ms) => {
        sleeps.push(ms);
        return Promise.resolve();
      },
    };
    const feed = new ContainerFeed({
      engine,
      project: "p",
      clock,
      signal: stop.signal,
      onContainer: ({ name, service }, reason) => {
        log.push(`${service} ${name} ${reason}`);
        return Promise.resolve();
      },
      onEvent: ({ Action }, { name }) => void (Action === "destroy" && log.push(`destroyed ${name}`)),
      report: ({ state }) => void log.push(state),
    });
    let run: Promise<void> | undefined;
    await new Promise<void>((resolve) => {
      run = feed.run(resolve);
    });
    expect(log.splice(0)).toEqual(["web old initial"]);

    await createContainer(engine, "new");
    await engine.startContainer("new");
    await engine.removeContainer("old", { force: true });
    await expect.poll(() => log.splice(0)).toEqual(["web new container-started", "destroyed old"]);

    engine.refusals = 3;
    engine.cut();
    await expect.poll(() => log).toEqual(["lost", "back", "web new container-started"]);
    // The first new attempt is made at once, the others at growing distances.
    expect(sleeps).toEqual([250, 500, 1000]);
    stop.abort();
    await run;
    engine.close();
  });

  it("rejects when the engine does not answer at the beginning", async () => {
    const engine = new BrittleEngine();
    engine.refusals = 1;
    const feed = new ContainerFeed({
      engine,
      project: "p",
      clock: { now: () => 0, sleep: () => Promise.resolve() },
      signal: new AbortController().signal,
      onContainer: () => Promise.resolve(),
      onEvent: () => undefined,
      report: () => undefined,
    });
    await expect(feed.run(() => undefined)).rejects.toMatchObject({ code: "engine-unreachable" });
    engine.close();
  });
});
