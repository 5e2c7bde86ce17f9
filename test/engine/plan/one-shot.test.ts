/** Containers that end on purpose. */
import { describe, expect, it } from "vitest";
import { planToText } from "../../../engine/plan/text.ts";
import { Project } from "./support.ts";

async function settle(): Promise<void> {
  for (let turn = 0; turn < 6; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

async function ended(text: string, exitCode: number): Promise<Project> {
  const project = new Project(text);
  project.engine.behave("job", { exitCode });
  await project.execute((await project.plan()).plan);
  await settle();
  return project;
}

const WANTED = `
services:
  job: { image: busybox }
  web: { image: busybox, depends_on: { job: { condition: service_completed_successfully } } }
`;
const ALONE = "services: { job: { image: busybox } }";

describe("a service that has exited", () => {
  it("with 0, and others wait for its completion: is done, whatever starts", async () => {
    const project = await ended(WANTED, 0);
    expect(planToText((await project.plan({ wait: true })).plan)).toBe("");
    project.engine.exit("app-web-1", 1);
    expect(planToText((await project.plan()).plan)).toBe("container.start:app-web-1 (exited)");
  });

  it("with another code, and others wait for its completion: starts again, and they wait", async () => {
    const project = await ended(WANTED, 3);
    const ids = (await project.plan()).plan.operations.map(({ id }) => id);
    expect(ids).toEqual([
      "container.start:app-job-1",
      "ready.wait:job/completed",
      "container.start:app-web-1",
    ]);
  });

  it("with 0, and nobody waits for it: starts again, as with the peer", async () => {
    const project = await ended(ALONE, 0);
    expect(planToText((await project.plan()).plan)).toBe("container.start:app-job-1 (exited)");
  });

  it("counts as complete for --wait when its restart policy leaves it down", async () => {
    const project = new Project(ALONE);
    project.engine.behave("job", { exitCode: 0 });
    expect((await project.execute((await project.plan({ wait: true })).plan)).outcome).toBe("succeeded");
  });

  it("with 0 and a changed specification: is made anew and runs again", async () => {
    const project = await ended(WANTED, 0);
    project.text = WANTED.replace("job: { image: busybox }", "job: { image: busybox, user: nobody }");
    const ids = (await project.plan()).plan.operations.map(({ id }) => id);
    expect(ids).toContain("container.start:app-job-1");
  });

  it("waits as long as the stack says that stable means", async () => {
    const text = `services: { job: { image: busybox, x-tcompose: { readiness: { stable_for: 3s } } } }`;
    const { plan } = await new Project(text).plan({ wait: true });
    expect(plan.operations.find(({ kind }) => kind === "ready.wait")).toMatchObject({ stableMs: 3000 });
    expect(plan.operations.find(({ kind }) => kind === "ready.wait")).not.toHaveProperty("probe");
  });

  it("leaves probing to the engine where the stack says so, for one service or for all", async () => {
    const off = `services: { job: { image: busybox, x-tcompose: { readiness: { probe: false } } } }`;
    const shared = `x-tcompose: { readiness: { probe: false } }\nservices: { job: { image: busybox } }`;
    for (const text of [off, shared]) {
      const { plan } = await new Project(text).plan({ wait: true });
      expect(plan.operations.find(({ kind }) => kind === "ready.wait")).toMatchObject({ probe: false });
    }
  });
});
