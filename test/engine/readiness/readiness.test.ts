import { afterEach, describe, expect, it } from "vitest";
import { OperationError } from "../../../engine/error.ts";
import type { Clock } from "../../../engine/execute/model.ts";
import { label } from "../../../engine/labels.ts";
import type { ReadyWait } from "../../../engine/plan/operation.ts";
import { PROBE_SUCCESS } from "../../../engine/readiness/probe-script.ts";
import { Readiness } from "../../../engine/readiness/readiness.ts";
import { FakeEngine } from "../../support/fake-engine/fake-engine.ts";
import { ManualClock } from "../../support/manual-clock.ts";

const healthcheck = { Healthcheck: { Test: ["CMD-SHELL", "true"] } };

class Fixture {
  readonly fake = new FakeEngine();
  readonly clock: ManualClock = new ManualClock();
  readonly states: string[] = [];
  readonly readiness: Readiness;
  readonly controller = new AbortController();

  constructor(clock?: Clock) {
    this.fake.addImage("app");
    this.readiness = new Readiness(this.fake, { clock: clock ?? this.clock, project: "app" });
  }

  async started(name: string, body: object = {}): Promise<void> {
    await this.fake.createContainer(name, {
      Image: "app",
      Labels: { [label.project]: "app", [label.service]: name },
      HostConfig: {},
      ...body,
    });
    await this.fake.startContainer(name);
  }

  wait(
    condition: ReadyWait["condition"],
    containers: readonly string[],
    more: Partial<ReadyWait> = {},
  ): Promise<void> {
    const operation: ReadyWait = {
      id: "wait",
      kind: "ready.wait",
      resource: { type: "service", name: "web" },
      cause: { type: "requested" },
      dependsOn: [],
      service: "web",
      containers,
      condition,
      ...more,
    };
    return this.readiness.wait(
      operation,
      (container, state) => this.states.push(`${container} ${state}`),
      this.controller.signal,
    );
  }

  /** Settles when the wait has subscribed and looked: what happens then can only be learnt from events. */
  async subscribed(): Promise<void> {
    await this.settled(() => this.count("events") === 1 && this.count("inspectContainer") >= 2);
  }

  async settled(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise((resolve) => setImmediate(resolve));
  }

  count(method: string): number {
    return this.fake.calls.filter((call) => call.method === method).length;
  }
}

let fixture: Fixture;
afterEach(() => {
  fixture.readiness.close();
  fixture.fake.close();
});

async function failureOf(wait: Promise<void>): Promise<OperationError> {
  const error: unknown = await wait.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof OperationError) return error;
  throw error;
}

describe("Readiness", () => {
  it("costs one look and no subscription when everything is ready", async () => {
    fixture = new Fixture();
    await fixture.started("web", healthcheck);
    await fixture.settled(() => fixture.fake.container("web").health?.Status === "healthy");
    await fixture.wait("healthy", ["web"]);
    expect(fixture.count("inspectContainer")).toBe(1);
    expect(fixture.count("events")).toBe(0);
  });

  it("learns from events when the last of several containers becomes healthy", async () => {
    fixture = new Fixture();
    fixture.fake.behave("app", { health: "manual" });
    await fixture.started("web-1", healthcheck);
    await fixture.started("web-2", healthcheck);
    let isDone = false;
    const waiting = fixture.wait("healthy", ["web-1", "web-2"], { probe: false }).then(() => (isDone = true));
    await fixture.subscribed();
    fixture.fake.setHealth("web-2", "healthy");
    await fixture.settled(() => fixture.states.includes("web-2 healthy"));
    expect(isDone).toBe(false);
    fixture.fake.setHealth("web-1", "healthy");
    await waiting;
    expect(fixture.count("events")).toBe(1);
  });

  it("fails with probe outputs and log tail when a container becomes unhealthy", async () => {
    fixture = new Fixture();
    fixture.fake.behave("app", { health: "manual", logs: ["listening", "lost the database"] });
    await fixture.started("web", healthcheck);
    const failure = failureOf(fixture.wait("healthy", ["web"], { probe: false }));
    await fixture.subscribed();
    fixture.fake.setHealth("web", "unhealthy", "connection refused\n");
    const { message, details } = await failure;
    expect(message).toBe("web is unhealthy");
    expect(details).toEqual([
      "health check exited with 1: connection refused",
      "log: listening",
      "log: lost the database",
    ]);
  });

  it("fails at once without a health check, and says what to do", async () => {
    fixture = new Fixture();
    await fixture.started("web");
    const { message, hint } = await failureOf(fixture.wait("healthy", ["web"]));
    expect(message).toContain("has no health check");
    expect(hint).toContain("service_started");
  });

  it("fails when the container exits, with its code", async () => {
    fixture = new Fixture();
    fixture.fake.behave("app", { health: "manual" });
    await fixture.started("web", healthcheck);
    const failure = failureOf(fixture.wait("healthy", ["web"], { probe: false }));
    await fixture.subscribed();
    fixture.fake.exit("web", 7);
    expect((await failure).message).toBe("web exited with code 7");
  });

  it("waits for a one-shot to complete", async () => {
    fixture = new Fixture();
    await fixture.started("job");
    const waiting = fixture.wait("completed", ["job"]);
    await fixture.subscribed();
    fixture.fake.exit("job", 0);
    await waiting;
  });

  it("takes a container as running when the stable time has passed without an exit", async () => {
    fixture = new Fixture();
    await fixture.started("web");
    fixture.clock.set(fixture.fake.container("web").startedAt?.getTime() ?? 0);
    const waiting = fixture.wait("running_or_healthy", ["web"]);
    await fixture.subscribed();
    await fixture.settled(() => fixture.clock.sleepers === 1);
    fixture.clock.advance(500);
    await waiting;
  });

  it("gives up after the timeout and names what is pending", async () => {
    fixture = new Fixture();
    fixture.fake.behave("app", { health: "manual" });
    await fixture.started("web", healthcheck);
    const failure = failureOf(fixture.wait("healthy", ["web"], { probe: false, timeoutMs: 30_000 }));
    await fixture.subscribed();
    fixture.clock.advance(30_000);
    expect((await failure).message).toBe("web is not ready after 30 s");
  });

  it("is ready when the test succeeds inside the container, before the engine's own check is due", async () => {
    fixture = new Fixture();
    const commands: (readonly string[])[] = [];
    fixture.fake.behave("app", {
      health: "manual",
      exec: ({ command, stdout }) => {
        commands.push(command);
        stdout(`${PROBE_SUCCESS}\n`);
        return 0;
      },
    });
    await fixture.started("web", { Healthcheck: { Test: ["CMD-SHELL", "pg_isready || exit 1"] } });
    await fixture.wait("healthy", ["web"]);
    expect(commands).toHaveLength(1);
    expect(commands[0]?.slice(-3)).toEqual(["/bin/sh", "-c", "pg_isready || exit 1"]);
  });

  it("runs the test itself where the image has no shell", async () => {
    fixture = new Fixture();
    const codes = [127, 1, 0];
    const commands: (readonly string[])[] = [];
    fixture.fake.behave("app", {
      health: "manual",
      exec: ({ command }) => {
        commands.push(command);
        return codes.shift() ?? 0;
      },
    });
    await fixture.started("web", { Healthcheck: { Test: ["CMD", "/healthy"] } });
    const waiting = fixture.wait("healthy", ["web"]);
    await fixture.settled(() => commands.length === 2 && fixture.clock.sleepers === 2);
    fixture.clock.advance(250);
    await waiting;
    expect(commands.slice(1)).toEqual([["/healthy"], ["/healthy"]]);
  });

  it("ends with AbortedError and leaves nothing behind when the signal aborts", async () => {
    fixture = new Fixture();
    fixture.fake.behave("app", { health: "manual" });
    await fixture.started("web", healthcheck);
    const waiting = fixture.wait("healthy", ["web"]);
    await fixture.subscribed();
    fixture.controller.abort();
    await expect(waiting).rejects.toMatchObject({ code: "aborted" });
    expect(fixture.clock.sleepers).toBe(0);
  });
});
