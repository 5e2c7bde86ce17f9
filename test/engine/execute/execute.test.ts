import { describe, expect, it } from "vitest";
import { EngineResponseError } from "../../../engine/error.ts";
import type { EventBody } from "../../../engine/event.ts";
import { execute } from "../../../engine/execute/execute.ts";
import type { Effects, ExecutionReport } from "../../../engine/execute/model.ts";
import { label } from "../../../engine/labels.ts";
import type { Operation, Plan } from "../../../engine/plan/operation.ts";
import { FakeEngine } from "../../support/fake-engine/fake-engine.ts";

type Draft = {
  readonly [K in Operation["kind"]]: Omit<
    Extract<Operation, { kind: K }>,
    "resource" | "cause" | "dependsOn"
  > & {
    readonly after?: readonly string[];
  };
}[Operation["kind"]];

function planOf(...drafts: readonly Draft[]): Plan {
  const operations = drafts.map(({ after = [], ...operation }) => ({
    ...operation,
    resource: { type: "container", name: operation.id },
    cause: { type: "missing" },
    dependsOn: after.map((on) => ({ on, when: "succeeded" })),
  })) as unknown as readonly Operation[];
  return { formatVersion: 1, project: "app", observed: "", operations, changes: [] };
}

const labels = { [label.project]: "app" };
const effects: Effects = {
  pull: () => Promise.resolve(),
  build: () => Promise.resolve(),
  checkBuilds: () => Promise.resolve(new Map()),
  push: () => Promise.resolve(),
  provider: () => Promise.resolve({}),
  model: () => Promise.resolve(),
  content: (_, key) => Promise.resolve(Buffer.from(`content of ${key}`)),
};

function create(name: string, body: object = {}): Draft {
  return {
    id: `create ${name}`,
    kind: "container.create",
    service: name,
    number: 1,
    name,
    body: { Image: "app", Labels: { ...labels, [label.service]: name }, HostConfig: {}, ...body },
  };
}

function start(name: string, after: readonly string[] = [`create ${name}`]): Draft {
  return { id: `start ${name}`, kind: "container.start", service: name, container: name, after };
}

interface Run {
  readonly report: ExecutionReport;
  readonly events: readonly EventBody[];
}

async function run(fake: FakeEngine, plan: Plan, signal?: AbortSignal): Promise<Run> {
  const events: EventBody[] = [];
  const report = await execute(plan, {
    engine: fake,
    effects,
    emit: (event) => events.push(event),
    ...(signal === undefined ? {} : { signal }),
  });
  return { report, events };
}

function prepared(): FakeEngine {
  const fake = new FakeEngine();
  fake.addImage("app");
  return fake;
}

describe("execute", () => {
  it("makes the calls in the order of the graph and tells of each operation", async () => {
    const fake = prepared();
    const network = { id: "network", kind: "network.create", body: { Name: "app_default" } } as const;
    const { report, events } = await run(
      fake,
      planOf(network, { ...create("web"), after: ["network"] }, start("web")),
    );
    expect(report.outcome).toBe("succeeded");
    expect(fake.mutations().map((call) => call.split(" ")[0])).toEqual([
      "createNetwork",
      "createContainer",
      "startContainer",
    ]);
    expect(events.map((event) => event.type)).toEqual([
      "plan",
      ...["network", "create", "start"].flatMap(() => ["operation-started", "operation-finished"]),
      "finished",
    ]);
    expect(report.created.get("web")).toBe(fake.container("web").id);
  });

  it("labels a container with the id of the image behind the reference at that moment", async () => {
    const fake = prepared();
    const id = fake.addImage("app", { env: [] } as object);
    await run(fake, planOf(create("web"), create("api")));
    expect(fake.container("web").config.Labels?.[label.image]).toBe(id);
    expect(fake.container("web").body.Image).toBe("app");
    expect(fake.calls.filter((call) => call.method === "inspectImage")).toHaveLength(1);
  });

  it("blocks what depends on a failure, and goes on with the rest", async () => {
    const fake = prepared();
    fake.behave("db", { startError: 'exec: "postgers": executable file not found in $PATH: unknown' });
    const { report } = await run(
      fake,
      planOf(
        create("db"),
        start("db"),
        create("web"),
        start("web", ["create web", "start db"]),
        create("job"),
        start("job"),
      ),
    );
    expect(report.outcome).toBe("failed");
    expect(report.results.get("start db")).toMatchObject({
      outcome: "failed",
      error: { code: "operation-failed", message: "the image has no command postgers" },
    });
    expect(report.results.get("start web")).toMatchObject({ outcome: "blocked", blockedBy: ["start db"] });
    expect(report.results.get("start job")).toMatchObject({ outcome: "succeeded" });
  });

  it("reports a best effort that fails and lets its dependants run", async () => {
    const fake = prepared();
    fake.failNext(
      "removeNetwork",
      new EngineResponseError(403, "DELETE /networks/old", "network old has active endpoints"),
    );
    const remove = { id: "remove", kind: "network.remove", network: "old", bestEffort: true } as const;
    const { report } = await run(fake, planOf(remove, { ...create("web"), after: ["remove"] }));
    expect(report.outcome).toBe("succeeded");
    expect(report.results.get("remove")).toMatchObject({
      outcome: "skipped",
      error: { message: "network old has active endpoints" },
    });
    expect(report.results.get("create web")?.outcome).toBe("succeeded");
  });

  it("takes a network that appeared meanwhile as created", async () => {
    const fake = prepared();
    await fake.createNetwork({ Name: "app_default" });
    const { report } = await run(
      fake,
      planOf({ id: "network", kind: "network.create", body: { Name: "app_default" } }),
    );
    expect(report.outcome).toBe("succeeded");
  });

  it("names the holder of a port that is taken", async () => {
    const fake = prepared();
    const HostConfig = { PortBindings: { "80/tcp": [{ HostPort: "8080" }] } };
    await fake.createContainer("shop-web-1", {
      Image: "app",
      Labels: { [label.project]: "shop" },
      HostConfig,
    });
    await fake.startContainer("shop-web-1");
    const { report } = await run(fake, planOf(create("web", { HostConfig }), start("web")));
    expect(report.results.get("start web")?.error).toMatchObject({
      message: "port 8080 is already taken by container shop-web-1 of project shop",
      hint: "stop shop-web-1, or publish another host port for web",
    });
  });

  it("says that a process outside the engine holds a port", async () => {
    const fake = prepared();
    fake.occupyPort(8080);
    const HostConfig = { PortBindings: { "80/tcp": [{ HostPort: "8080" }] } };
    const { report } = await run(fake, planOf(create("web", { HostConfig }), start("web")));
    expect(report.results.get("start web")?.error?.message).toBe(
      "port 8080 is already taken by a process outside the engine",
    );
  });

  it("says what to do about an image that is not there", async () => {
    const { report } = await run(new FakeEngine(), planOf(create("web")));
    expect(report.results.get("create web")?.error).toMatchObject({
      message: "image app is not on the engine",
    });
  });

  it("aborts running calls, starts nothing more and ends everything as aborted", async () => {
    const fake = prepared();
    const controller = new AbortController();
    const held = fake.hold("createContainer");
    const running = run(fake, planOf(create("web"), start("web")), controller.signal);
    await held.arrived;
    controller.abort();
    const { report } = await running;
    held.release();
    expect(report.outcome).toBe("aborted");
    expect([...report.results.values()].map(({ outcome }) => outcome)).toEqual(["aborted", "aborted"]);
  });

  it("lets a start that has begun come to its end: the engine does not give it up either", async () => {
    const fake = prepared();
    await run(fake, planOf(create("web")));
    const controller = new AbortController();
    const held = fake.hold("startContainer");
    const running = run(fake, planOf(start("web", [])), controller.signal);
    await held.arrived;
    controller.abort();
    held.release();
    const { report } = await running;
    expect(report.results.get("start web")?.outcome).toBe("succeeded");
    expect(fake.container("web").status).toBe("running");
  });

  it("runs starts that share a port range one at a time", async () => {
    const fake = prepared();
    let running = 0;
    let most = 0;
    fake.before("startContainer", async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
    });
    const names = ["a", "b", "c"];
    await run(
      fake,
      planOf(...names.map((n) => create(n)), ...names.map((n) => ({ ...start(n), serial: true }) as Draft)),
    );
    expect(most).toBe(1);
  });

  it("copies configs and secrets into the container with owner and mode", async () => {
    const fake = prepared();
    const files = [
      { from: "secret", key: "token", target: "/run/secrets/token", uid: "1000", mode: "0400" },
    ] as const;
    const copy = {
      id: "copy",
      kind: "container.copy",
      service: "web",
      container: "web",
      files,
      after: ["create web"],
    } as const;
    await run(fake, planOf(create("web"), copy));
    expect(fake.container("web").files.get("/run/secrets/token")?.toString()).toBe("content of token");
  });

  it("gives a provider's variables to the containers that depend on it", async () => {
    const fake = prepared();
    const events: EventBody[] = [];
    const provider = {
      id: "db",
      kind: "provider.run",
      service: "db",
      action: "up",
      provider: "cloud",
      options: {},
    } as const;
    const plan = planOf(provider, { ...create("web", { Env: ["A=1"] }), after: ["db"] }, create("other"));
    const provide = { ...effects, provider: () => Promise.resolve({ DB_URL: "pg://db" }) };
    await execute(plan, { engine: fake, effects: provide, emit: (event) => events.push(event) });
    expect(fake.container("web").config.Env).toEqual(["A=1", "DB_URL=pg://db"]);
    expect(fake.container("other").config.Env).toEqual([]);
  });

  it("fails with the output of a hook that fails, and skips a pre_stop hook of a stopped container", async () => {
    const fake = prepared();
    fake.behave("web", {
      exec: ({ stderr }) => {
        stderr("no such table\n");
        return 3;
      },
    });
    const hook = { command: ["migrate"], environment: { A: "1" } };
    const base = { kind: "hook.run", service: "web", container: "web", index: 0, hook } as const;
    const { report } = await run(
      fake,
      planOf(
        create("web"),
        { ...base, id: "pre_stop", phase: "pre_stop", after: ["create web"] },
        start("web", ["pre_stop"]),
        { ...base, id: "post_start", phase: "post_start", after: ["start web"] },
      ),
    );
    expect(report.results.get("pre_stop")?.outcome).toBe("skipped");
    expect(report.results.get("post_start")?.error).toMatchObject({
      message: "post_start hook of web exited with code 3 in web",
      details: ["no such table"],
    });
  });
});
