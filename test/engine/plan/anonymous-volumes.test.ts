/** Which anonymous volumes go over to a replacement. */
import { describe, expect, it } from "vitest";
import { newEngine, Project } from "./support.ts";

const stack = (taker: string): string => `
services:
  owner: { image: busybox, volumes: [/owned] }
  taker: { image: busybox, ${taker} }
`;

async function mountsOf(project: Project, container: string): Promise<Record<string, string>> {
  const { Mounts } = await project.engine.inspectContainer(container);
  return Object.fromEntries(Mounts.map(({ Destination, Name = "" }) => [Destination, Name]));
}

describe("anonymous volumes", () => {
  it("of another service are left to it when they are not taken from it any more", async () => {
    const project = new Project(stack("volumes_from: [owner], volumes: [/own]"), newEngine());
    await project.up();
    const before = await mountsOf(project, "app-taker-1");
    expect(Object.keys(before).toSorted()).toEqual(["/own", "/owned"]);
    project.text = stack("volumes: [/own]");
    await project.up();
    expect(await mountsOf(project, "app-taker-1")).toEqual({ "/own": before["/own"] });
  });

  it("that are taken from a service are its new ones, and its own stay", async () => {
    const project = new Project(stack("volumes_from: [owner], volumes: [/own]"), newEngine());
    await project.up();
    const before = await mountsOf(project, "app-taker-1");
    await project.up({ recreate: "force" });
    expect(await mountsOf(project, "app-taker-1")).toEqual(before);
  });

  it("go with the container under -V, also those that were carried over before", async () => {
    const project = new Project(stack("volumes: [/own]"), newEngine());
    await project.up();
    const first = await mountsOf(project, "app-taker-1");
    await project.up({ recreate: "force" });
    expect(await mountsOf(project, "app-taker-1")).toEqual(first);
    await project.up({ renewAnonymousVolumes: true });
    const left = (await project.engine.listVolumes()).map(({ Name }) => Name);
    expect(left).not.toContain(first["/own"]);
    expect(left).toContain((await mountsOf(project, "app-taker-1"))["/own"]);
  });
});
