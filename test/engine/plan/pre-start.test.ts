/** `pre_start` hooks run in containers of their own before the first start. */
import { describe, expect, it } from "vitest";
import { planToText } from "../../../engine/plan/text.ts";
import { planRestart, planStart, planStop } from "../../../engine/plan/lifecycle.ts";
import { newEngine, Project } from "./support.ts";

const TEXT = `
services:
  web:
    image: busybox
    environment: { A: "1" }
    volumes: [/data]
    networks: { default: { aliases: [zed] } }
    scale: 2
    pre_start:
      - command: [migrate]
        environment: { B: "2" }
        user: nobody
      - { command: [seed], image: nginx }
`;

const hook = (index: number): string => `app-web-pre_start-${index}`;

function project(codes: readonly number[] = [0, 0]): Project {
  const made = new Project(TEXT, newEngine());
  codes.forEach((exitCode, index) => made.engine.behave(hook(index), { exitCode }));
  return made;
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 6; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe("pre_start", () => {
  it("runs one hook after the other, then the replicas start", async () => {
    const { plan } = await project().plan();
    const lines = planToText(plan)
      .split("\n")
      .filter((line) => /hook|start:/.test(line));
    expect(lines).toEqual([
      "hook.run:web/pre_start/0 (missing) <- container.create:app-web-1",
      "hook.run:web/pre_start/1 (missing) <- hook.run:web/pre_start/0, image.pull:nginx",
      "container.start:app-web-1 (missing) <- container.create:app-web-1, hook.run:web/pre_start/1",
      "container.start:app-web-2 (missing) <- container.create:app-web-2, hook.run:web/pre_start/1",
    ]);
  });

  it("shares the first replica's volumes and networks, and not its names", async () => {
    const { plan } = await project().plan();
    const run = plan.operations.find(({ kind }) => kind === "hook.run");
    expect(run?.kind === "hook.run" ? run.own?.body : undefined).toMatchObject({
      Image: "busybox",
      Cmd: ["migrate"],
      User: "nobody",
      Env: ["A=1", "B=2"],
      HostConfig: { VolumesFrom: ["app-web-1"], NetworkMode: "app_default" },
      NetworkingConfig: { EndpointsConfig: { app_default: {} } },
      Labels: { "com.docker.compose.hook": "pre_start", "com.docker.compose.service": "web" },
    });
  });

  it("leaves nothing behind when all went well, and has nothing to do then", async () => {
    const made = project();
    await made.up();
    await settle();
    expect(made.engine.containerNames()).toEqual(["app-web-1", "app-web-2"]);
    expect(planToText((await made.plan()).plan)).toBe("");
  });

  it("a hook that fails keeps the replicas down and stays until the next run", async () => {
    const made = project([3, 0]);
    const report = await made.execute((await made.plan()).plan);
    const results = report.results;
    expect(results.get("hook.run:web/pre_start/0")?.error?.message).toContain("exited with code 3: migrate");
    expect(results.get("container.start:app-web-1")?.outcome).toBe("blocked");
    expect(made.engine.container(hook(0)).status).toBe("exited");
    made.engine.behave(hook(0), { exitCode: 0 });
    await made.up();
    await settle();
    expect(made.engine.containerNames()).toEqual(["app-web-1", "app-web-2"]);
    expect(planToText((await made.plan()).plan)).toBe("");
  });

  it("does not run while a replica serves", async () => {
    const made = project();
    await made.up();
    made.engine.exit("app-web-2", 1);
    expect(planToText((await made.plan()).plan)).not.toContain("hook.run");
    made.engine.exit("app-web-1", 1);
    expect(planToText((await made.plan()).plan)).toContain("hook.run:web/pre_start/0");
  });

  it("runs between the end of the old replicas and the start of the new ones", async () => {
    const made = project();
    await made.up();
    const { plan } = await made.plan({ recreate: "force" });
    const text = planToText(plan);
    expect(text).toMatch(
      /hook\.run:web\/pre_start\/0 .*container\.remove:app-web-1.*container\.remove:app-web-2/,
    );
    expect(text).toMatch(/container\.start:app-web-2 .*hook\.run:web\/pre_start\/1/);
    await made.up({ recreate: "force" });
    await settle();
    expect(made.engine.containerNames()).toEqual(["app-web-1", "app-web-2"]);
  });

  it("does not run where the others of the service are not replaced, or where one after the other is", async () => {
    const made = project();
    await made.up();
    made.engine.container("app-web-2").status = "exited";
    expect(planToText((await made.plan({ recreate: "never" })).plan)).not.toContain("hook.run");
    expect(planToText((await made.plan({ recreate: "force", rolling: true })).plan)).not.toContain(
      "hook.run",
    );
  });

  it("runs on start and on restart, too", async () => {
    const made = project();
    await made.up();
    const desired = await made.desired();
    const restart = planToText(planRestart(desired, await made.observe(desired)).plan);
    expect(restart).toMatch(
      /hook\.run:web\/pre_start\/0 .*container\.stop:app-web-1.*container\.stop:app-web-2/,
    );
    expect(restart).toMatch(/container\.start:app-web-1 .*hook\.run:web\/pre_start\/1/);
    await made.execute(planStop(desired, await made.observe(desired)).plan);
    const start = planStart(desired, await made.observe(desired)).plan;
    expect(planToText(start)).toContain("hook.run:web/pre_start/0");
    expect([...(await made.execute(start)).results.values()].map(({ outcome }) => outcome)).not.toContain(
      "failed",
    );
    await settle();
    expect(made.engine.containerNames()).toEqual(["app-web-1", "app-web-2"]);
  });

  it("is completed by the next run, wherever it is killed", async () => {
    for (let calls = 0; calls < 14; calls += 1) {
      const made = project();
      const { plan } = await made.plan();
      made.engine.die(calls, "answer");
      await made.execute(plan);
      made.engine.revive();
      await settle();
      await made.up();
      await settle();
      expect(made.engine.containerNames(), `after ${calls} calls`).toEqual(["app-web-1", "app-web-2"]);
      expect(planToText((await made.plan()).plan)).toBe("");
    }
  });

  it("refuses hooks for each replica", async () => {
    const made = new Project(
      "services: { web: { image: busybox, pre_start: [{ command: [x], per_replica: true }] } }",
    );
    await expect(made.plan()).rejects.toThrow("per_replica is not supported");
  });
});
