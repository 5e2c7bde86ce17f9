import { describe, expect, it } from "vitest";
import { label } from "../../../engine/labels.ts";
import { planDown } from "../../../engine/plan/down.ts";
import { planToText } from "../../../engine/plan/text.ts";
import { IMAGE, Project } from "./support.ts";

const STACK = `
services:
  db: { image: busybox, volumes: [data:/data] }
  web: { image: busybox, depends_on: [db] }
volumes: { data: {} }
`;

describe("resources of others", () => {
  it("asks before it touches containers of another working directory", async () => {
    const project = new Project("services: { web: { image: busybox } }");
    await project.engine.createContainer("app-web-1", {
      Image: IMAGE,
      HostConfig: {},
      Labels: {
        [label.project]: "app",
        [label.service]: "web",
        [label.containerNumber]: "1",
        [label.oneoff]: "False",
        [label.workingDir]: "/elsewhere",
      },
    });
    const { plan, decisions } = await project.plan();
    expect(plan.operations).toEqual([]);
    expect(decisions).toMatchObject([
      { id: "foreign-project", flag: "--adopt", changes: [{ from: "/elsewhere", to: "/app" }] },
    ]);
    await project.up({ adopt: true });
    const after = await project.plan();
    expect(after.decisions).toEqual([]);
    expect(planToText(after.plan)).toBe("");
  });

  it("needs external networks and volumes to exist", async () => {
    const network =
      "services: { a: { image: busybox, networks: [n] } }\nnetworks: { n: { external: true, name: shared } }";
    await expect(new Project(network).plan()).rejects.toThrow(
      'networks.n: external network "shared" does not exist',
    );
    const volume =
      "services: { a: { image: busybox, volumes: ['vol:/v'] } }\nvolumes: { vol: { external: true } }";
    await expect(new Project(volume).plan()).rejects.toThrow(
      'volumes.vol: external volume "vol" does not exist',
    );
  });

  it("uses a volume that somebody else made, with a warning", async () => {
    const project = new Project(STACK);
    await project.engine.createVolume({ Name: "app_data" });
    const { plan, warnings } = await project.plan();
    expect(warnings).toMatchObject([{ code: "foreign-resource", resource: { name: "app_data" } }]);
    expect(plan.operations.some(({ kind }) => kind === "volume.create")).toBe(false);
  });
});

describe("a changed volume", () => {
  it("goes when everybody who mounted it is gone, also those that do not any more", async () => {
    const text = (volumes: string, more = ""): string => `
services:
  web: { image: busybox, volumes: [data:/data] }
  other: { image: busybox, ${volumes} x-tcompose: { update: { order: start-first } }, depends_on: [web] }
  ${more}
volumes: { data: { labels: { of: ${more === "" ? "two" : "one"} } } }`;
    const project = new Project(
      text("volumes: [data:/data],", "old: { image: busybox, volumes: [data:/data] }"),
    );
    await project.up();
    project.text = text("");
    const answers = { "volume-data-loss:app_data": true };
    const lines = planToText((await project.plan({ answers, removeOrphans: true })).plan).split("\n");
    const removal = lines.find((line) => line.startsWith("volume.remove:"));
    for (const name of ["app-web-1", "app-other-1", "app-old-1"])
      expect(removal).toContain(`container.remove:${name}`);
    await project.up({ answers, removeOrphans: true });
    expect(planToText((await project.plan()).plan)).toBe("");
  });

  it("is a question, and stays as it is without an answer", async () => {
    const project = new Project(STACK);
    await project.up();
    project.text = STACK.replace("data: {}", "data: { labels: { a: b } }");
    const { plan, decisions } = await project.plan();
    expect(planToText(plan)).toBe("");
    expect(decisions).toMatchObject([
      {
        id: "volume-data-loss:app_data",
        question: "volume-data-loss",
        changes: [{ path: "labels.a", to: "b" }],
      },
    ]);
    expect((await project.plan({ answers: { "volume-data-loss:app_data": false } })).decisions).toEqual([]);
  });
});

describe("orphans", () => {
  it("are named, and removed only when asked", async () => {
    const project = new Project(STACK);
    await project.up();
    project.text = "services: { web: { image: busybox } }";
    const kept = await project.plan();
    expect(planToText(kept.plan)).toBe("");
    expect(kept.warnings).toEqual([{ code: "orphans", names: ["app-db-1"] }]);
    expect(planToText((await project.plan({ removeOrphans: true })).plan)).toMatchInlineSnapshot(`
      "container.stop:app-db-1 (orphan)
      container.remove:app-db-1 (orphan) <- container.stop:app-db-1"
    `);
  });
});

describe("a service under another name", () => {
  it("takes over the container name when the orphan is gone", async () => {
    const project = new Project("services: { old: { image: busybox, container_name: fixed } }");
    await project.up();
    project.text = "services: { new: { image: busybox, container_name: fixed } }";
    await project.up({ removeOrphans: true });
    expect(project.engine.container("fixed").status).toBe("running");
    expect(planToText((await project.plan()).plan)).toBe("");
  });
});

describe("down", () => {
  it("removes what is ours, dependants first, and keeps volumes unless asked", async () => {
    const project = new Project(STACK);
    await project.up();
    const desired = await project.desired();
    const observed = await project.observe(desired);
    expect(planToText(planDown(desired, observed).plan)).toMatchInlineSnapshot(`
      "container.stop:app-web-1 (requested)
      container.remove:app-web-1 (requested) <- container.stop:app-web-1
      container.stop:app-db-1 (requested) <- container.remove:app-web-1?
      container.remove:app-db-1 (requested) <- container.remove:app-web-1?, container.stop:app-db-1
      ~network.remove:app_default (requested) <- container.remove:app-db-1?, container.remove:app-web-1?"
    `);
    const { plan } = planDown(undefined, observed, { volumes: true });
    expect(planToText(plan)).toMatchInlineSnapshot(`
      "container.stop:app-web-1 (requested)
      container.remove:app-web-1 [with volumes] (requested) <- container.stop:app-web-1
      container.stop:app-db-1 (requested) <- container.remove:app-web-1?
      container.remove:app-db-1 [with volumes] (requested) <- container.remove:app-web-1?, container.stop:app-db-1
      ~network.remove:app_default (requested) <- container.remove:app-db-1?, container.remove:app-web-1?
      ~volume.remove:app_data (requested) <- container.remove:app-db-1?, container.remove:app-web-1?"
    `);
    await project.execute(plan);
    expect(project.engine.stateText()).toBe(new Project(STACK).engine.stateText());
  });

  it("keeps networks that the rest uses", async () => {
    const project = new Project(STACK);
    await project.up();
    const desired = await project.desired();
    const { plan } = planDown(desired, await project.observe(desired), { services: ["web"] });
    expect(planToText(plan)).toMatchInlineSnapshot(`
      "container.stop:app-web-1 (requested)
      container.remove:app-web-1 (requested) <- container.stop:app-web-1"
    `);
  });
});

describe("depends_on healthy", () => {
  it("is refused when there is nothing to wait for", async () => {
    const text = `
services:
  db: { image: busybox, healthcheck: { disable: true } }
  web: { image: busybox, depends_on: { db: { condition: service_healthy } } }
`;
    await expect(new Project(text).plan()).rejects.toThrow(
      "services.web.depends_on.db: db has no health check",
    );
  });
});
