import { describe, expect, it } from "vitest";
import { UsageError } from "../../../engine/error.ts";
import { Project } from "./support.ts";

describe("a container that is there before its network", () => {
  it("starts after the network's creation", async () => {
    const project = new Project("services: { web: { image: busybox } }");
    project.engine.failNext("createNetwork", new UsageError("no address left"));
    await project.execute((await project.plan()).plan);
    expect(await project.engine.listContainers({ all: true })).toHaveLength(1);

    const { plan } = await project.plan();
    const start = plan.operations.find(({ kind }) => kind === "container.start");
    expect(start?.dependsOn).toContainEqual({ on: "network.create:app_default", when: "succeeded" });
    await project.execute(plan);
    expect((await project.plan()).plan.operations).toEqual([]);
  });
});
