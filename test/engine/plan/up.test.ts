import { describe, expect, it } from "vitest";
import { planToText } from "../../../engine/plan/text.ts";
import { Project } from "./support.ts";

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

describe("up of nothing", () => {
  it("creates while images come, and starts when dependencies are ready", async () => {
    const { plan } = await new Project(SIMPLE).plan();
    expect(planToText(plan)).toMatchInlineSnapshot(`
      "network.create:app_default (missing)
      volume.create:app_data (missing)
      image.pull:nginx (missing)
      container.create:app-db-1 (missing) <- network.create:app_default, volume.create:app_data
      container.create:app-web-1 (missing) <- image.pull:nginx, network.create:app_default
      container.start:app-db-1 (missing) <- container.create:app-db-1
      ready.wait:db/healthy [app-db-1] (for web) <- container.start:app-db-1
      container.start:app-web-1 (missing) <- container.create:app-web-1, ready.wait:db/healthy"
    `);
  });
});

describe("up again", () => {
  it("is an empty plan", async () => {
    const project = new Project(SIMPLE);
    await project.up();
    const { plan } = await project.plan();
    expect(planToText(plan)).toBe("");
    expect(plan.changes.every(({ action }) => action === "keep")).toBe(true);
  });
});
