/** Replacing without a gap. */
import { describe, expect, it } from "vitest";
import { planToText } from "../../../engine/plan/text.ts";
import { Project, type RunOptions } from "./support.ts";

const stack = (value: string, rest = ""): string => `
services:
  web:
    image: busybox
    environment: { VALUE: "${value}" }
    healthcheck: { test: "true" }
    ${rest}
`;

const START_FIRST = "x-tcompose: { update: { order: start-first, drain: 5s } }";

async function changed(rest = "", options: RunOptions = {}): Promise<Project> {
  const project = new Project(stack("1", rest));
  await project.up(options);
  project.text = stack("2", rest);
  return project;
}

async function planText(project: Project, options: RunOptions = {}): Promise<string> {
  const { plan } = await project.plan(options);
  return planToText(plan)
    .replaceAll(/[0-9a-f]{12}_/g, "old_")
    .replaceAll(" (diverged: environment.VALUE)", "");
}

describe("start-first", () => {
  it("starts the replacement and waits for it before the old container stops", async () => {
    expect(await planText(await changed(START_FIRST))).toMatchInlineSnapshot(`
      "container.create:app-web-1 [as old_app-web-1]
      container.start:app-web-1 <- container.create:app-web-1
      ready.wait:app-web-1 [old_app-web-1] <- container.start:app-web-1
      container.drain:app-web-1 <- ready.wait:app-web-1
      container.remove:app-web-1/rollback (leftover) <- container.create:app-web-1!, container.start:app-web-1!, ready.wait:app-web-1!
      container.stop:app-web-1 <- container.drain:app-web-1
      container.remove:app-web-1 <- container.stop:app-web-1
      container.rename:app-web-1 [from old_app-web-1] <- container.remove:app-web-1"
    `);
  });

  it("goes by the flag too, one replica after the other", async () => {
    const text = await planText(await changed("scale: 2"), { rolling: true });
    expect(text).toContain("container.create:app-web-2 [as old_app-web-2] <- container.rename:app-web-1");
    expect(text).not.toContain("drain");
  });

  it("has both answer to the same names", async () => {
    const project = await changed(START_FIRST);
    const { plan } = await project.plan();
    const created = plan.operations.find(({ kind }) => kind === "container.create");
    const body = created?.kind === "container.create" ? created.body : undefined;
    const aliases = body?.NetworkingConfig?.EndpointsConfig["app_default"]?.Aliases;
    expect(aliases).toEqual(
      project.engine.container("app-web-1").body.NetworkingConfig?.EndpointsConfig["app_default"]?.Aliases,
    );
    expect(aliases).toContain("web");
  });

  it.each([
    ["a fixed host port", "ports: ['8080:80']"],
    ["a fixed address", "networks: { default: { ipv4_address: 172.30.0.9 } }"],
    ["the host's network", "network_mode: host"],
  ])("is not for services that hold %s", async (_, rest) => {
    expect(await planText(await changed(rest), { rolling: true })).not.toContain("ready.wait:app-web-1");
  });

  it("is for ports that the engine chooses", async () => {
    expect(await planText(await changed("ports: ['80']"), { rolling: true })).toContain(
      "ready.wait:app-web-1",
    );
  });

  it("is nothing special for a container that is down", async () => {
    const project = await changed("");
    project.engine.exit("app-web-1", 1);
    expect(await planText(project, { rolling: true })).not.toContain("ready.wait");
  });

  it("does without where the stack says stop-first", async () => {
    const rest = "x-tcompose: { update: { order: stop-first } }";
    expect(await planText(await changed(rest), { rolling: true })).not.toContain("ready.wait");
  });
});

describe("one by one", () => {
  it("replaces a replica when the one before is ready", async () => {
    const text = await planText(await changed("scale: 2, ports: ['8080-8081:80']".replace(", ", "\n    ")), {
      rolling: true,
    });
    expect(text).toContain("container.stop:app-web-2 <- container.create:app-web-2, ready.wait:app-web-1");
  });
});

describe("rollback", () => {
  it.each([
    ["does not become healthy", { health: "unhealthy" as const }],
    ["does not start", { startError: "no such command" }],
  ])("a replacement that %s goes, the old container serves on", async (_, behaviour) => {
    const project = await changed("scale: 2", {});
    const ids = [1, 2].map((number) => project.engine.container(`app-web-${number}`).id);
    project.engine.behave("web", behaviour);
    const { plan } = await project.plan({ rolling: true });
    const report = await project.execute(plan);
    expect(report.outcome).toBe("failed");
    expect(project.engine.containerNames().filter((name) => !name.startsWith("app-"))).toEqual([]);
    for (const [index, id] of ids.entries()) {
      const container = project.engine.container(`app-web-${index + 1}`);
      expect([container.id, container.status]).toEqual([id, "running"]);
    }
  });

  it("goes on from a replacement that had taken over when the run was killed", async () => {
    const project = await changed("", {});
    const { plan } = await project.plan({ rolling: true });
    const replaced = project.engine.container("app-web-1").id;
    project.engine.failNext("removeContainer", new Error("killed"));
    await project.execute(plan);
    const text = await planText(project, { rolling: true });
    expect(text).not.toContain("container.create");
    await project.up({ rolling: true });
    expect(project.engine.containerNames()).toEqual(["app-web-1"]);
    expect(project.engine.container("app-web-1").id).not.toBe(replaced);
  });
});

describe("rolling beside services that stop first", () => {
  const replaced = (value: string, scale: number, network: string): string => `
services:
  owner: { image: busybox, networks: [${network}] }
  web:
    image: busybox
    environment: { VALUE: "${value}" }
    scale: ${scale}
    depends_on: [owner]
  guest:
    image: busybox
    network_mode: service:owner
    depends_on: { web: { condition: service_started, restart: true } }
networks: { front: {}, back: {} }
`;

  it.each([
    ["another replica waits for the first one, whose end waits for who uses it", 2, "front"],
    ["a replacement waits for what it needs, which stops after who shares it", 1, "back"],
  ])("%s: in an order that can be carried out", async (_, scale, network) => {
    const project = new Project(replaced("1", scale, "front"));
    await project.up();
    project.text = replaced("2", scale, network);
    await project.up({ rolling: true });
    expect(await planText(project, { rolling: true })).toBe("");
  });
});
