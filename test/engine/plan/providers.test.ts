import { describe, expect, it } from "vitest";
import { planDown } from "../../../engine/plan/down.ts";
import { planStop } from "../../../engine/plan/lifecycle.ts";
import { planToText } from "../../../engine/plan/text.ts";
import { Project } from "./support.ts";

const TEXT = `
services:
  base: { provider: { type: cloud } }
  db: { provider: { type: cloud }, depends_on: [base] }
  web: { image: busybox, depends_on: [db], network_mode: none }
`;

describe("providers", () => {
  it("come before whoever uses them, and go after", async () => {
    const project = new Project(TEXT);
    const plan = await project.up();
    expect(planToText(plan)).toMatchInlineSnapshot(`
      "provider.run:base (requested)
      provider.run:db (requested) <- provider.run:base
      container.create:app-web-1 (missing) <- provider.run:db
      container.start:app-web-1 (missing) <- container.create:app-web-1, provider.run:db"
    `);
    const desired = await project.desired();
    const observed = await project.observe(desired);
    expect(planToText(planDown(desired, observed).plan)).toMatchInlineSnapshot(`
      "container.stop:app-web-1 (requested)
      container.remove:app-web-1 (requested) <- container.stop:app-web-1
      provider.run:db (requested) <- container.remove:app-web-1?, container.stop:app-web-1?
      provider.run:base (requested) <- provider.run:db?"
    `);
    expect(planToText(planStop(desired, observed, { services: ["db"] }).plan)).toMatchInlineSnapshot(
      `"provider.run:db (requested)"`,
    );
  });
});
