import { describe, expect, it } from "vitest";
import { Project } from "./support.ts";

const TEXT = "services: { web: { image: busybox } }";

describe("two networks of one name", () => {
  it("are one again after the next run, and containers start on the one that is left", async () => {
    const project = new Project(TEXT);
    const { plan } = await project.plan();
    const create = plan.operations.find(({ kind }) => kind === "network.create");
    if (create?.kind !== "network.create") throw new Error("no network in the plan");
    // Two killed runs have asked for it, neither saw the other's.
    await project.engine.createNetwork(create.body);
    await project.engine.createNetwork(create.body);
    await project.up();
    expect((await project.engine.listNetworks()).filter(({ Name }) => Name === "app_default")).toHaveLength(
      1,
    );
    expect((await project.plan()).plan.operations).toEqual([]);
  });

  it("does not come about when a killed run's request ends during the next run", async () => {
    const project = new Project(TEXT);
    const { plan } = await project.plan();
    const create = plan.operations.find(({ kind }) => kind === "network.create");
    if (create?.kind !== "network.create") throw new Error("no network in the plan");
    let late = false;
    // Looked for after our own is created: by then the engine has made the other one, too.
    project.engine.before("listNetworks", async () => {
      if (late) return;
      late = true;
      await project.engine.createNetwork(create.body);
    });
    await project.execute(plan);
    expect((await project.engine.listNetworks()).filter(({ Name }) => Name === "app_default")).toHaveLength(
      1,
    );
    expect((await project.plan()).plan.operations).toEqual([]);
  });
});
