import { describe, expect, it } from "vitest";
import { planToText } from "../../../engine/plan/text.ts";
import { newEngine, Project, type RunOptions } from "./support.ts";

const SIMPLE = `
services:
  db:
    image: busybox
    healthcheck: { test: "true" }
    volumes: [data:/data]
  web:
    image: nginx
    depends_on: { db: { condition: service_healthy } }
volumes: { data: {} }
`;

/** The plan from the first stack, up, to the second one. */
async function planBetween(from: string, to: string, options: RunOptions = {}): Promise<string> {
  const project = new Project(from);
  await project.up();
  project.text = to;
  return planToText((await project.plan(options)).plan);
}

describe("up of nothing", () => {
  it("creates while images come, and starts when dependencies are ready", async () => {
    const { plan } = await new Project(SIMPLE).plan();
    expect(planToText(plan)).toMatchInlineSnapshot(`
      "network.create:app_default (missing)
      volume.create:app_data (missing)
      image.pull:nginx (missing)
      container.create:app-db-1 (missing) <- volume.create:app_data
      container.create:app-web-1 (missing) <- image.pull:nginx
      container.start:app-db-1 (missing) <- container.create:app-db-1, network.create:app_default
      ready.wait:db/healthy [app-db-1] (for web) <- container.start:app-db-1
      container.start:app-web-1 (missing) <- container.create:app-web-1, network.create:app_default, ready.wait:db/healthy"
    `);
  });

  it("connects further networks one by one where the API takes one at creation", async () => {
    const text = `
services:
  a: { image: busybox, networks: { back: {}, front: { priority: 10, aliases: [zed] } } }
networks: { back: {}, front: {} }
`;
    const old = await new Project(text, newEngine("1.41")).plan();
    expect(planToText(old.plan)).toMatchInlineSnapshot(`
      "network.create:app_back (missing)
      network.create:app_front (missing)
      container.create:app-a-1 (missing)
      network.connect:app-a-1/app_back (missing) <- container.create:app-a-1, network.create:app_back
      container.start:app-a-1 (missing) <- container.create:app-a-1, network.connect:app-a-1/app_back, network.create:app_back, network.create:app_front"
    `);
    const recent = await new Project(text, newEngine("1.44")).plan();
    expect(planToText(recent.plan)).toMatchInlineSnapshot(`
      "network.create:app_back (missing)
      network.create:app_front (missing)
      container.create:app-a-1 (missing)
      container.start:app-a-1 (missing) <- container.create:app-a-1, network.create:app_back, network.create:app_front"
    `);
  });

  it("copies contents before the start and runs hooks after it", async () => {
    const text = `
services:
  a:
    image: busybox
    configs: [{ source: motd, target: /etc/motd }]
    post_start: [{ command: [one] }, { command: [two] }]
  b: { image: busybox, depends_on: [a] }
configs: { motd: { content: hello } }
`;
    expect(planToText((await new Project(text).plan()).plan)).toMatchInlineSnapshot(`
      "network.create:app_default (missing)
      container.create:app-a-1 (missing)
      container.create:app-b-1 (missing)
      container.copy:app-a-1 (missing) <- container.create:app-a-1
      container.start:app-a-1 (missing) <- container.copy:app-a-1, container.create:app-a-1, network.create:app_default
      hook.run:app-a-1/post_start/0 (missing) <- container.start:app-a-1
      hook.run:app-a-1/post_start/1 (missing) <- hook.run:app-a-1/post_start/0
      container.start:app-b-1 (missing) <- container.create:app-b-1, hook.run:app-a-1/post_start/1, network.create:app_default"
    `);
  });

  it("lets an optional dependency fail", async () => {
    const text = `
services:
  db: { image: busybox, healthcheck: { test: "true" } }
  web: { image: busybox, depends_on: { db: { condition: service_healthy, required: false } } }
`;
    expect(planToText((await new Project(text).plan()).plan)).toMatchInlineSnapshot(`
      "network.create:app_default (missing)
      container.create:app-db-1 (missing)
      container.create:app-web-1 (missing)
      container.start:app-db-1 (missing) <- container.create:app-db-1, network.create:app_default
      ~ready.wait:db/healthy [app-db-1] (for web) <- container.start:app-db-1
      container.start:app-web-1 (missing) <- container.create:app-web-1, network.create:app_default, ready.wait:db/healthy?"
    `);
  });

  it("waits for what --wait asks for", async () => {
    const text = `
services:
  job: { image: busybox }
  web: { image: busybox, depends_on: { job: { condition: service_completed_successfully } } }
`;
    const { plan } = await new Project(text).plan({ wait: true, waitTimeoutMs: 5000 });
    expect(planToText(plan)).toMatchInlineSnapshot(`
      "network.create:app_default (missing)
      container.create:app-job-1 (missing)
      container.create:app-web-1 (missing)
      container.start:app-job-1 (missing) <- container.create:app-job-1, network.create:app_default
      ready.wait:job/completed [app-job-1] (for web) <- container.start:app-job-1
      container.start:app-web-1 (missing) <- container.create:app-web-1, network.create:app_default, ready.wait:job/completed
      ready.wait:web/running_or_healthy [app-web-1] (requested) <- container.start:app-web-1"
    `);
    expect(plan.operations.filter(({ kind }) => kind === "ready.wait")).toMatchObject([
      { timeoutMs: 5000, exitZeroIsDone: true },
      { timeoutMs: 5000, exitZeroIsDone: true },
    ]);
  });
});

describe("up again", () => {
  it("lets a paused container go on, and says that it is paused", async () => {
    const project = new Project("services: { web: { image: busybox } }");
    await project.up();
    await project.engine.pauseContainer("app-web-1");
    const { plan } = await project.plan();
    expect(planToText(plan)).toBe("container.unpause:app-web-1 (paused)");
    expect(plan.changes.find(({ resource }) => resource.type === "container")).toMatchObject({
      action: "start",
      cause: { type: "not-running", state: "paused" },
    });
  });

  it("is an empty plan", async () => {
    const project = new Project(SIMPLE);
    await project.up();
    const { plan } = await project.plan({ wait: true });
    expect(planToText(plan)).toBe("");
    expect(plan.changes.every(({ action }) => action === "keep")).toBe(true);
    expect(plan.changes).toHaveLength(4);
  });

  it("replaces what changed, after every image is there, and names the field", async () => {
    const from = SIMPLE.replace("image: nginx", "image: busybox");
    expect(await planBetween(from, SIMPLE)).toMatchInlineSnapshot(`
      "image.pull:nginx (missing)
      container.create:app-web-1 [as 07ce2908b5ad_app-web-1] (diverged: image) <- image.pull:nginx
      container.stop:app-web-1 (diverged: image) <- container.create:app-web-1, image.pull:nginx
      container.remove:app-web-1 (diverged: image) <- container.create:app-web-1, container.stop:app-web-1
      container.rename:app-web-1 [from 07ce2908b5ad_app-web-1] (diverged: image) <- container.remove:app-web-1
      container.start:app-web-1 (diverged: image) <- container.rename:app-web-1"
    `);
  });

  it("says which line changed, and shows secrets as digests", async () => {
    const text = (level: string, password: string): string => `services:
  web:
    image: busybox
    environment:
      LOG_LEVEL: ${level}
      DB_PASSWORD: ${password}
`;
    const project = new Project(text("info", "old-geheim"));
    await project.up();
    project.text = text("debug", "new-geheim");
    const { plan } = await project.plan();
    const [network, web] = plan.changes;
    expect(network).toMatchObject({ action: "keep" });
    expect(web).toMatchObject({
      action: "recreate",
      cause: {
        type: "diverged",
        changes: [
          { path: "environment.DB_PASSWORD", from: expect.stringMatching(/^sha256:/) },
          { path: "environment.LOG_LEVEL", from: "info", to: "debug", range: { file: "/app/compose.yaml" } },
        ],
      },
    });
    expect(JSON.stringify(plan.changes)).not.toContain("geheim");
  });

  it("starts what does not run, without waiting for what is ready", async () => {
    const project = new Project(SIMPLE);
    await project.up();
    await project.engine.stopContainer("app-web-1");
    expect(planToText((await project.plan()).plan)).toMatchInlineSnapshot(
      `"container.start:app-web-1 (exited)"`,
    );
  });

  it("stops dependants that ask for it before their dependency, and starts them after it is ready", async () => {
    const text = (value: string): string => `
services:
  db: { image: busybox, healthcheck: { test: "true" }, environment: { A: "${value}" } }
  web:
    image: busybox
    depends_on: { db: { condition: service_healthy, restart: true } }
    pre_stop: [{ command: [drain] }]
`;
    expect(await planBetween(text("1"), text("2"))).toMatchInlineSnapshot(`
      "container.create:app-db-1 [as 07ce2908b5ad_app-db-1] (diverged: environment.A)
      hook.run:app-web-1/pre_stop/0 (db recreated) <- container.create:app-db-1
      container.stop:app-web-1 (db recreated) <- container.create:app-db-1, hook.run:app-web-1/pre_stop/0
      container.stop:app-db-1 (diverged: environment.A) <- container.create:app-db-1, container.stop:app-web-1
      container.remove:app-db-1 (diverged: environment.A) <- container.create:app-db-1, container.stop:app-db-1
      container.rename:app-db-1 [from 07ce2908b5ad_app-db-1] (diverged: environment.A) <- container.remove:app-db-1
      container.start:app-db-1 (diverged: environment.A) <- container.rename:app-db-1
      ready.wait:db/healthy [app-db-1] (for web) <- container.start:app-db-1
      container.start:app-web-1 (db recreated) <- container.stop:app-web-1, ready.wait:db/healthy"
    `);
  });

  it("replaces what shares a namespace with a replaced container", async () => {
    const text = (value: string): string => `
services:
  owner: { image: busybox, environment: { A: "${value}" } }
  guest: { image: busybox, network_mode: "service:owner" }
`;
    expect(await planBetween(text("1"), text("2"))).toMatchInlineSnapshot(`
      "container.create:app-owner-1 [as 07ce2908b5ad_app-owner-1] (diverged: environment.A)
      container.stop:app-guest-1 (owner recreated) <- container.create:app-owner-1
      container.stop:app-owner-1 (diverged: environment.A) <- container.create:app-owner-1, container.stop:app-guest-1
      container.remove:app-owner-1 (diverged: environment.A) <- container.create:app-owner-1, container.stop:app-owner-1
      container.rename:app-owner-1 [from 07ce2908b5ad_app-owner-1] (diverged: environment.A) <- container.remove:app-owner-1
      container.start:app-owner-1 (diverged: environment.A) <- container.rename:app-owner-1
      container.create:app-guest-1 [as 72367768331b_app-guest-1] (owner recreated) <- container.rename:app-owner-1
      container.remove:app-guest-1 (owner recreated) <- container.create:app-guest-1, container.stop:app-guest-1
      container.rename:app-guest-1 [from 72367768331b_app-guest-1] (owner recreated) <- container.remove:app-guest-1
      container.start:app-guest-1 (owner recreated) <- container.rename:app-guest-1, container.start:app-owner-1"
    `);
  });

  it("reconnects everybody to a network made anew, as they were declared", async () => {
    const text = (value: string): string => `
services:
  a: { image: busybox, networks: { front: { aliases: [zed] } } }
networks: { front: { labels: { of: "${value}" } } }
`;
    const project = new Project(text("1"));
    await project.up();
    project.text = text("2");
    const { plan } = await project.plan();
    expect(planToText(plan)).toMatchInlineSnapshot(`
      "container.stop:app-a-1 (network app_front recreated)
      network.disconnect:app-a-1/app_front (network app_front recreated) <- container.stop:app-a-1
      network.remove:app_front (diverged: labels.of) <- network.disconnect:app-a-1/app_front
      network.create:app_front (diverged: labels.of) <- network.remove:app_front
      network.connect:app-a-1/app_front (missing) <- container.stop:app-a-1, network.create:app_front, network.disconnect:app-a-1/app_front
      container.start:app-a-1 (network app_front recreated) <- container.stop:app-a-1, network.connect:app-a-1/app_front, network.create:app_front"
    `);
    expect(plan.operations.find(({ kind }) => kind === "network.connect")).toMatchObject({
      endpoint: { Aliases: ["app-a-1", "a", "zed"] },
    });
  });

  it("replaces a built container only when the build brings another image", async () => {
    const text = "services:\n  web: { build: . }\n";
    const project = new Project(text);
    await project.up();
    expect(planToText((await project.plan({ build: "always" })).plan)).toMatchInlineSnapshot(`
      "image.build:app-web (requested)
      *container.create:app-web-1 [as 07ce2908b5ad_app-web-1] (image-changed) <- image.build:app-web
      *container.stop:app-web-1 (image-changed) <- container.create:app-web-1, image.build:app-web
      *container.remove:app-web-1 (image-changed) <- container.create:app-web-1, container.stop:app-web-1
      *container.rename:app-web-1 [from 07ce2908b5ad_app-web-1] (image-changed) <- container.remove:app-web-1
      *container.start:app-web-1 (image-changed) <- container.rename:app-web-1"
    `);
  });

  it("drops the obsolete and the highest replicas", async () => {
    const text = (count: number): string => `services: { web: { image: busybox, scale: ${count} } }`;
    expect(await planBetween(text(3), text(1))).toMatchInlineSnapshot(`
      "container.stop:app-web-2 (scale 3 to 1)
      container.stop:app-web-3 (scale 3 to 1)
      container.remove:app-web-2 (scale 3 to 1) <- container.stop:app-web-2
      container.remove:app-web-3 (scale 3 to 1) <- container.stop:app-web-3"
    `);
  });

  it("runs only what was asked to be recreated", async () => {
    const options: RunOptions = { recreate: "force", services: ["web"] };
    expect(await planBetween(SIMPLE, SIMPLE, options)).toMatchInlineSnapshot(`
      "container.create:app-web-1 [as 72367768331b_app-web-1] (forced)
      container.stop:app-web-1 (forced) <- container.create:app-web-1
      container.remove:app-web-1 (forced) <- container.create:app-web-1, container.stop:app-web-1
      container.rename:app-web-1 [from 72367768331b_app-web-1] (forced) <- container.remove:app-web-1
      container.start:app-web-1 (forced) <- container.rename:app-web-1"
    `);
    const never = SIMPLE.replace("image: nginx", "image: busybox");
    expect(await planBetween(SIMPLE, never, { recreate: "never", recreateDependencies: "never" })).toBe("");
  });
});
