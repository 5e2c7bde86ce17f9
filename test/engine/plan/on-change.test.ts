/** Changed content of configs and secrets: a new container, a restart, a signal, or nothing. */
import { describe, expect, it } from "vitest";
import { planToText } from "../../../engine/plan/text.ts";
import { Project, type Files } from "./support.ts";

const stack = (policy: string | undefined, rest = ""): string => `
services:
  web:
    image: busybox
    configs: [app]
    secrets: [key]
    ${rest}
    ${policy === undefined ? "" : `x-tcompose: { on_change: "${policy}" }`}
configs: { app: { file: ./app.conf } }
secrets: { key: { file: ./key } }
`;

const files = (app: string): Files => ({ "/app/app.conf": app, "/app/key": "hush" });

async function running(text: string): Promise<Project> {
  const project = new Project(text);
  await project.up({ files: files("one") });
  return project;
}

async function planText(project: Project, app: string): Promise<string> {
  return planToText((await project.plan({ files: files(app) })).plan);
}

describe("changed content", () => {
  it("recreates by default, and read-only containers always", async () => {
    const plain = await planText(await running(stack(undefined)), "two");
    expect(plain).toContain("container.create:app-web-1");
    const readOnly = stack("restart", "read_only: true");
    expect(await planText(await running(readOnly), "two")).toContain("container.create:app-web-1");
  });

  it("is nothing to a service that wants nothing of it", async () => {
    expect(await planText(await running(stack("none")), "two")).toBe("");
  });

  it("restarts once, and once again when it changes back", async () => {
    const project = await running(stack("restart"));
    const { id } = project.engine.container("app-web-1");
    const cause = "(diverged: configs.app.content)";
    expect(await planText(project, "two")).toBe(
      [
        `container.stop:app-web-1 ${cause}`,
        `container.mark:app-web-1 ${cause} <- container.stop:app-web-1`,
        `container.start:app-web-1 ${cause} <- container.mark:app-web-1, container.stop:app-web-1`,
      ].join("\n"),
    );
    await project.up({ files: files("two") });
    expect(await planText(project, "two")).toBe("");
    expect(await planText(project, "one")).toContain("container.stop:app-web-1");
    await project.up({ files: files("one") });
    expect(await planText(project, "one")).toBe("");
    expect(project.engine.container("app-web-1").id).toBe(id);
  });

  it("sends the signal, and the process goes on", async () => {
    const project = await running(stack("signal:SIGHUP"));
    const run = project.engine.container("app-web-1").run;
    const cause = "(diverged: configs.app.content)";
    expect(await planText(project, "two")).toBe(
      [
        `container.signal:app-web-1 ${cause}`,
        `container.mark:app-web-1 ${cause} <- container.signal:app-web-1`,
      ].join("\n"),
    );
    const plan = await project.up({ files: files("two") });
    expect(plan.changes.map(({ action }) => action)).toEqual(["keep", "update"]);
    expect(project.engine.container("app-web-1").run).toBe(run);
    expect(await planText(project, "two")).toBe("");
  });

  it("copies content without a file before the signal", async () => {
    const text = (content: string): string => `
services:
  web: { image: busybox, configs: [app], x-tcompose: { on_change: "signal:HUP" } }
configs: { app: { content: "${content}" } }
`;
    const project = new Project(text("one"));
    await project.up();
    project.text = text("two");
    expect((await project.plan()).plan.operations.map(({ id }) => id)).toEqual([
      "container.copy:app-web-1",
      "container.signal:app-web-1",
      "container.mark:app-web-1",
    ]);
  });

  it("tells a stopped container by starting it", async () => {
    const project = await running(stack("signal:SIGHUP"));
    project.engine.exit("app-web-1", 1);
    const plan = await project.up({ files: files("two") });
    expect(plan.operations.map(({ kind }) => kind)).toEqual(["container.mark", "container.start"]);
    expect(await planText(project, "two")).toBe("");
  });

  it("still recreates for anything else", async () => {
    const project = await running(stack("restart"));
    project.text = stack("restart", "user: nobody");
    expect(await planText(project, "two")).toContain("container.create:app-web-1");
    await project.up({ files: files("two") });
    expect(await planText(project, "two")).toBe("");
  });
});

describe.each(["restart", "signal:SIGHUP"])("killed anywhere (%s)", (policy) => {
  it("the process is told at least once", async () => {
    for (let calls = 0; calls < 5; calls += 1) {
      const project = await running(stack(policy));
      const { plan } = await project.plan({ files: files("two") });
      project.engine.die(calls, "answer");
      await project.execute(plan);
      project.engine.revive();
      await project.up({ files: files("two") });
      expect(await planText(project, "two")).toBe("");
      expect(project.engine.container("app-web-1").status).toBe("running");
      const told = policy === "restart" ? "start" : "kill";
      const log = project.engine.eventLog().filter((line) => line === `container ${told} app-web-1`);
      expect(log.length).toBeGreaterThanOrEqual(policy === "restart" ? 2 : 1);
    }
  });
});
