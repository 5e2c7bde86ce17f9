/** Limits and restart policy change on the container as it stands. */
import { describe, expect, it } from "vitest";
import { planToText } from "../../../engine/plan/text.ts";
import { newEngine, Project, type RunOptions } from "./support.ts";

const service = (settings: string): string =>
  `services: { web: { image: busybox, environment: { A: "1" }, ${settings} } }`;

async function runningWith(settings: string): Promise<Project> {
  const project = new Project(service(settings));
  await project.up();
  return project;
}

async function planFor(project: Project, settings: string, options: RunOptions = {}): Promise<string> {
  project.text = service(settings);
  return planToText((await project.plan(options)).plan);
}

function hostOf({ engine }: Project): object {
  return engine.container("app-web-1").body.HostConfig;
}

describe("update in place", () => {
  it.each([
    [
      "restart: always",
      "restart: on-failure:3",
      { RestartPolicy: { Name: "on-failure", MaximumRetryCount: 3 } },
    ],
    ["cpus: 1", "cpus: 0.5", { NanoCpus: 5e8 }],
    ["cpu_shares: 512", "cpu_shares: 256", { CpuShares: 256 }],
    ["cpu_quota: 50000", "cpu_quota: 25000", { CpuQuota: 25000 }],
    ["cpuset: '0'", "cpuset: '0,1'", { CpusetCpus: "0,1" }],
    ["mem_limit: 64m", "mem_limit: 128m", { Memory: 128 << 20 }],
    ["mem_reservation: 32m", "mem_reservation: 16m", { MemoryReservation: 16 << 20 }],
    ["memswap_limit: 64m, mem_limit: 32m", "memswap_limit: 96m, mem_limit: 32m", { MemorySwap: 96 << 20 }],
    ["pids_limit: 50", "pids_limit: 60", { PidsLimit: 60 }],
    ["blkio_config: { weight: 300 }", "blkio_config: { weight: 400 }", { BlkioWeight: 400 }],
    [
      "deploy: { resources: { limits: { cpus: '1', pids: 9 } } }",
      "deploy: { resources: { limits: { cpus: '2', pids: 8 } } }",
      { NanoCpus: 2e9, PidsLimit: 8 },
    ],
  ])("%s to %s and back", async (before, after, host) => {
    const project = await runningWith(before);
    const { id } = project.engine.container("app-web-1");
    const original = structuredClone(hostOf(project));
    project.text = service(after);
    const plan = await project.up();
    expect(plan.operations.map(({ id: operation }) => operation)).toEqual(["container.update:app-web-1"]);
    expect(plan.changes.map(({ action }) => action)).toContain("update");
    expect(hostOf(project)).toMatchObject(host);
    expect(await planFor(project, after)).toBe("");
    // The label says what it was made with: only the container itself can tell that it has to change back.
    project.text = service(before);
    await project.up();
    expect(hostOf(project)).toMatchObject(original);
    expect(await planFor(project, before)).toBe("");
    expect(project.engine.container("app-web-1").id).toBe(id);
  });

  it("names the fields as they are now", async () => {
    const project = await runningWith("restart: always, cpus: 1");
    project.text = service("restart: unless-stopped, cpus: 1");
    await project.up();
    project.text = service("restart: always, cpus: 2");
    const { plan } = await project.plan();
    const cause = plan.operations[0]?.cause;
    expect(cause?.type === "diverged" ? cause.changes : []).toMatchObject([
      { path: "cpus", from: 1, to: 2 },
      { path: "restart", from: "unless-stopped", to: "always" },
    ]);
  });

  it("takes the restart policy away in place; other limits that go, or come, need a new container", async () => {
    const project = await runningWith("restart: always");
    project.text = service("scale: 1");
    await project.up();
    expect(hostOf(project)).toMatchObject({ RestartPolicy: { Name: "no" } });
    expect(await planFor(project, "scale: 1")).toBe("");
    expect(await planFor(project, "cpus: 1")).toContain("container.create:app-web-1");
    expect(await planFor(await runningWith("cpus: 1"), "scale: 1")).toContain("container.create:app-web-1");
  });

  it("recreates when anything else changed too", async () => {
    const project = await runningWith("cpus: 1");
    const text = await planFor(project, "cpus: 2, user: nobody");
    expect(text).toContain("container.create:app-web-1 [as");
    expect(text).toContain("diverged: cpus, user");
    expect(text).not.toContain("container.update");
  });

  it("leaves alone what the engine did not take", async () => {
    const project = await runningWith("blkio_config: { weight: 300 }");
    project.engine.container("app-web-1").body.HostConfig satisfies object;
    await project.engine.updateContainer("app-web-1", { BlkioWeight: 0 });
    expect(await planFor(project, "blkio_config: { weight: 300 }")).toBe("");
    expect(await planFor(project, "blkio_config: { weight: 400 }")).toBe("");
  });

  it("does nothing under --no-recreate", async () => {
    const project = await runningWith("cpus: 1");
    expect(await planFor(project, "cpus: 2", { recreate: "never" })).toBe("");
  });

  it("updates what stays when a pull brings nothing new", async () => {
    const project = new Project(
      "services: { web: { image: nginx, pull_policy: always, cpus: 1 } }",
      newEngine(),
    );
    await project.up();
    project.text = "services: { web: { image: nginx, pull_policy: always, cpus: 2 } }";
    await project.up();
    expect(hostOf(project)).toMatchObject({ NanoCpus: 2e9 });
  });

  it("looks at no container whose service has no such settings", async () => {
    const project = await runningWith("scale: 3");
    project.engine.clearCalls();
    expect(await planFor(project, "scale: 3")).toBe("");
    expect(project.engine.calls.filter(({ method }) => method === "inspectContainer")).toEqual([]);
  });
});
