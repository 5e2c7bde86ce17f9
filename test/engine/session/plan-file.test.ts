/** A kept plan is carried out as it is, or refused. */
import { describe, expect, it } from "vitest";
import { planToText } from "../../../engine/plan/text.ts";
import {
  checkPlanFile,
  parsePlanFile,
  toPlanFile,
  type PlanFile,
} from "../../../engine/session/plan-file.ts";
import { IMAGE, Project } from "../plan/support.ts";

const TEXT = `
services:
  web: { image: busybox, environment: { PASSWORD: hush }, cpus: 1, scale: 2 }
`;

async function kept(project: Project): Promise<PlanFile> {
  const desired = await project.desired();
  const observed = await project.observe(desired);
  const { plan } = await project.plan();
  const text = JSON.stringify(toPlanFile(plan, { desired, observed, plan: () => project.plan() as never }));
  return parsePlanFile(text, "plan.json");
}

async function running(): Promise<Project> {
  const project = new Project(TEXT);
  await project.up();
  project.text = TEXT.replace("cpus: 1", "cpus: 2");
  return project;
}

describe("a plan file", () => {
  it("is carried out as it was made", async () => {
    const project = new Project(TEXT);
    const file = await kept(project);
    await checkPlanFile(project.engine, file, "app");
    expect((await project.execute(file.plan)).outcome).toBe("succeeded");
    expect(project.engine.container("app-web-1").config.Env).toContain("PASSWORD=hush");
    expect(planToText((await project.plan()).plan)).toBe("");
  });

  it("is for its project only", async () => {
    const project = await running();
    await expect(checkPlanFile(project.engine, await kept(project), "other")).rejects.toThrow(
      'project "app"',
    );
  });

  it.each([
    ["container app-web-1 was running and is exited", (p: Project) => p.engine.exit("app-web-1", 1)],
    ["container app-web-2 is gone", (p: Project) => p.engine.removeContainer("app-web-2", { force: true })],
    [
      "container app-web-1 has other settings",
      (p: Project) => p.engine.updateContainer("app-web-1", { NanoCpus: 3e9 }),
    ],
    ["image busybox is another one", (p: Project) => p.engine.addImage(IMAGE, { content: "new" })],
    [
      "network app_default is another one",
      async (p: Project) => {
        await p.engine.removeContainer("app-web-1", { force: true });
        await p.engine.removeContainer("app-web-2", { force: true });
        await p.engine.removeNetwork("app_default");
        await p.engine.createNetwork({ Name: "app_default" });
      },
    ],
  ])("is refused: %s", async (message, move) => {
    const project = await running();
    const file = await kept(project);
    await checkPlanFile(project.engine, file, "app");
    await Promise.resolve(move(project));
    await expect(checkPlanFile(project.engine, file, "app")).rejects.toThrow(message);
  });

  it.each(["", "[]", "null", "{}", '{"formatVersion":2}'])("is no plan: %s", (text) => {
    expect(() => parsePlanFile(text, "x.json")).toThrow("x.json is not a plan");
  });
});
