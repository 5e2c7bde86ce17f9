import { describe, expect, it } from "vitest";
import { RefusedError } from "../../../engine/error.ts";
import { planToText } from "../../../engine/plan/text.ts";
import { newEngine, Project } from "./support.ts";

const BUILT = "services:\n  web: { build: . }\n";

describe("an image that comes during the plan", () => {
  it("leaves the container alone when the build brings the same image", async () => {
    const project = new Project(BUILT);
    await project.up();
    const { id } = project.engine.container("app-web-1");
    project.engine.clearCalls();
    await project.up({ build: "always" });
    expect(project.engine.container("app-web-1").id).toBe(id);
    expect(project.engine.mutations().filter((call) => !call.startsWith("buildImage"))).toEqual([]);
  });

  it("replaces the container when the pull brings another one", async () => {
    const project = new Project("services:\n  web: { image: nginx }\n");
    await project.up();
    const { id } = project.engine.container("app-web-1");
    project.engine.publishImage("nginx:latest", { content: "newer" });
    await project.up({ pull: "always" });
    expect(project.engine.container("app-web-1").id).not.toBe(id);
    expect(planToText((await project.plan()).plan)).toBe("");
  });

  it("starts a stopped container whether or not the image is another one", async () => {
    const project = new Project(BUILT);
    await project.up();
    await project.engine.stopContainer("app-web-1");
    await project.up({ build: "always" });
    expect(project.engine.container("app-web-1").status).toBe("running");
  });
});

describe("an image behind an unchanged tag", () => {
  it("is a reason to replace", async () => {
    const project = new Project("services:\n  web: { image: busybox }\n");
    await project.up();
    project.engine.addImage("busybox:latest", { content: "newer" });
    const { plan } = await project.plan();
    expect(plan.changes.find(({ resource }) => resource.type === "container")).toMatchObject({
      action: "recreate",
      cause: { type: "image-changed" },
    });
  });
});

describe("images that may not be fetched", () => {
  it("are refused by name before anything is touched", async () => {
    const project = new Project("services:\n  web: { image: gone, pull_policy: never }\n", newEngine());
    await expect(project.plan()).rejects.toThrow(RefusedError);
    await expect(project.plan()).rejects.toThrow("image gone of service web");
    await expect(new Project(BUILT).plan({ build: "never" })).rejects.toThrow("image app-web");
  });
});

describe("images that builds take as contexts", () => {
  it("are built first, though nothing runs them", async () => {
    const project = new Project(`services:
  web: { build: { context: ., additional_contexts: { base: "service:base" } } }
  base: { scale: 0, build: { context: base, additional_contexts: { root: "service:root" } } }
  root: { scale: 0, build: root }
  idle: { scale: 0, build: idle }
`);
    const builds = (await project.plan()).plan.operations.filter(({ kind }) => kind === "image.build");
    expect(builds.map(({ id, dependsOn }) => [id, dependsOn.map(({ on }) => on)])).toEqual([
      ["image.build:app-root", []],
      ["image.build:app-base", ["image.build:app-root"]],
      ["image.build:app-web", ["image.build:app-base"]],
    ]);
    await project.up();
    expect(planToText((await project.plan()).plan)).toBe("");
  });
});
