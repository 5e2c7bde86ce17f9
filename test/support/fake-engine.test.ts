import { describe, expect, it } from "vitest";
import { EngineResponseError, EngineUnreachableError } from "../../engine/error.ts";
import { FakeEngine } from "./fake-engine/fake-engine.ts";

const body = { Image: "app", HostConfig: {} };

function prepared(): FakeEngine {
  const fake = new FakeEngine();
  fake.addImage("app");
  return fake;
}

async function nextEvent(fake: FakeEngine, action: string): Promise<void> {
  for await (const message of fake.events({ since: "0" })) if (message.Action === action) return;
}

describe("FakeEngine", () => {
  it("becomes healthy by itself, or when the test says so", async () => {
    const fake = prepared();
    fake.behave("db", { health: "manual" });
    const Healthcheck = { Test: ["CMD", "true"] };
    await fake.createContainer("web", { ...body, Healthcheck });
    await fake.createContainer("db", { ...body, Healthcheck });
    await fake.startContainer("web");
    await fake.startContainer("db");
    await nextEvent(fake, "health_status: healthy");
    expect(fake.stateText()).toContain("container db running starting");
    fake.setHealth("db", "healthy");
    expect(fake.container("db").health?.Status).toBe("healthy");
    expect(fake.container("web").health?.Status).toBe("healthy");
  });

  it("ends a process with the behaviour's code and restarts it by policy", async () => {
    const fake = prepared();
    fake.behave("job", { exitCode: [1, 0] });
    const HostConfig = { RestartPolicy: { Name: "on-failure" } };
    await fake.createContainer("job", { ...body, HostConfig });
    await fake.startContainer("job");
    await nextEvent(fake, "die");
    expect((await fake.inspectContainer("job")).State).toMatchObject({ Status: "restarting", ExitCode: 1 });
    const deaths: string[] = [];
    for await (const { Action, Actor } of fake.events({ since: "0" })) {
      if (Action === "die") deaths.push(Actor.Attributes["exitCode"] ?? "");
      if (deaths.length === 2) break;
    }
    expect(deaths).toEqual(["1", "0"]);
    expect(fake.container("job").restartCount).toBe(1);
    expect(fake.container("job").status).toBe("exited");
  });

  it("refuses a taken port at start and leaves the container created", async () => {
    const fake = prepared();
    const published = { PortBindings: { "80/tcp": [{ HostPort: "8080" }] } };
    await fake.createContainer("a", { ...body, HostConfig: published });
    await fake.createContainer("b", { ...body, HostConfig: published });
    await fake.startContainer("a");
    await expect(fake.startContainer("b")).rejects.toThrow("port is already allocated");
    expect(fake.container("b").status).toBe("created");
    fake.occupyPort(9090);
    await fake.createContainer("c", {
      ...body,
      HostConfig: { PortBindings: { "80/tcp": [{ HostPort: "9090-9091" }] } },
    });
    await fake.startContainer("c");
    expect((await fake.inspectContainer("c")).NetworkSettings.Ports).toEqual({
      "80/tcp": [{ HostIp: "0.0.0.0", HostPort: "9091" }],
    });
  });

  it("logs calls by name, injects faults, holds calls and dies on request", async () => {
    const fake = prepared();
    fake.failNext("createContainer", new EngineResponseError(500, "POST /containers/create", "no space"));
    await expect(fake.createContainer("a", body)).rejects.toThrow("no space");
    const { id } = await fake.createContainer("a", body);
    const held = fake.hold("startContainer");
    const start = fake.startContainer(id);
    expect((await held.arrived).target).toBe("a");
    expect(fake.container("a").status).toBe("created");
    held.release();
    await start;
    expect(fake.mutations()).toEqual(["createContainer a", "createContainer a", "startContainer a"]);
    fake.die(1, "answer");
    await expect(fake.stopContainer("a")).rejects.toBeInstanceOf(EngineUnreachableError);
    expect(fake.container("a").status).toBe("exited");
    await expect(fake.listContainers()).rejects.toBeInstanceOf(EngineUnreachableError);
    fake.revive();
    expect(await fake.listContainers()).toHaveLength(1);
  });

  it("pulls what is published and builds what the context says", async () => {
    const fake = prepared();
    await expect(drain(fake.pullImage("db"))).rejects.toMatchObject({ status: 404 });
    fake.publishImage("db", { content: "1" });
    await drain(fake.pullImage("docker.io/library/db:latest"));
    const before = await fake.inspectImage("db");
    fake.publishImage("db", { content: "2" });
    await drain(fake.pullImage("db"));
    expect((await fake.inspectImage("db"))?.Id).not.toBe(before?.Id);
    await drain(fake.buildImage({ t: ["one", "two"], labels: '{"a":"b"}' }, undefined));
    const one = await fake.inspectImage("one");
    expect(one?.RepoTags).toEqual(["one:latest", "two:latest"]);
    expect(one?.Config?.Labels).toEqual({ a: "b" });
  });
});

async function drain(stream: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of stream);
}
