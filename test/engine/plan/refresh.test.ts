/** Images that are pulled anew after a time. */
import { describe, expect, it } from "vitest";
import { planToText } from "../../../engine/plan/text.ts";
import { EngineResponseError } from "../../../engine/error.ts";
import { newEngine, Project } from "./support.ts";

const HOUR = 3_600_000;
/** A moment after everything that the fake engine has done. */
const NOW = 1_700_000_000_000 + 1_000;

const stack = (policy: string): string =>
  `services: { web: { image: nginx, pull_policy: ${policy} }, other: { image: nginx, pull_policy: missing } }`;

async function running(policy: string): Promise<Project> {
  const project = new Project(stack(policy), newEngine());
  await project.up({ now: NOW });
  return project;
}

async function pulls(project: Project, after: number, pull?: string): Promise<string[]> {
  const { plan } = await project.plan({ now: NOW + after, ...(pull === undefined ? {} : { pull }) });
  return plan.operations.filter(({ kind }) => kind === "image.pull").map(({ id }) => id);
}

describe("refresh windows", () => {
  it.each([
    ["daily", 23 * HOUR, 25 * HOUR],
    ["weekly", 6 * 24 * HOUR, 8 * 24 * HOUR],
    ["every_36h", 35 * HOUR, 37 * HOUR],
  ])("%s", async (policy, fresh, stale) => {
    const project = await running(policy);
    expect(await pulls(project, fresh)).toEqual([]);
    expect(await pulls(project, stale)).toEqual(["image.pull:nginx"]);
    expect(await pulls(project, stale, "missing")).toEqual([]);
    expect(await pulls(project, stale, "never")).toEqual([]);
  });

  it("nothing new: nothing is replaced, and the window begins again", async () => {
    const project = await running("daily");
    const plan = await project.up({ now: NOW + 25 * HOUR });
    expect(planToText(plan)).toContain("~image.pull:nginx");
    expect(project.engine.mutations()).toContain("tagImage nginx");
    expect(project.engine.containerNames()).toEqual(["app-other-1", "app-web-1"]);
  });

  it("a registry that cannot be reached leaves the image that is there", async () => {
    const project = await running("daily");
    project.engine.failNext("pullImage", new EngineResponseError(500, "POST /images/create", "no route"));
    const { plan } = await project.plan({ now: NOW + 25 * HOUR });
    expect((await project.execute(plan)).outcome).toBe("succeeded");
  });

  it("an image for another platform is pulled, whatever the window", async () => {
    const engine = newEngine();
    engine.addImage("nginx", { architecture: "arm64" });
    const project = new Project("services: { web: { image: nginx, platform: linux/amd64 } }", engine);
    expect(await pulls(project, 0)).toEqual(["image.pull:nginx"]);
  });
});
