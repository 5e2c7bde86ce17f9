import { describe, expect, it } from "vitest";
import { Project } from "./support.ts";

const LEVEL = (value: string): string => `
services:
  web: { image: busybox, environment: { LEVEL: "${value}" } }
`;

describe("the temporary name of a replacement", () => {
  it("is free again before it is used again", async () => {
    const project = new Project(LEVEL("1"));
    await project.up();
    project.text = LEVEL("2");
    // The replacement is created; what was to follow never happened.
    project.engine.die(1, "request");
    await project.execute((await project.plan()).plan);
    project.engine.revive();

    const { plan } = await project.plan();
    const create = plan.operations.find(({ id }) => id === "container.create:app-web-1");
    expect(create).toMatchObject({ name: expect.stringMatching(/^[0-9a-f]{12}_app-web-1$/) });
    const name = create?.kind === "container.create" ? create.name : "";
    expect(create?.dependsOn).toContainEqual({ on: `container.remove:${name}`, when: "succeeded" });
  });
});
