/** Ports and addresses go from one container to another. */
import { describe, expect, it } from "vitest";
import { newEngine, Project } from "./support.ts";

async function startsOf(from: string, to: string): Promise<Record<string, readonly string[]>> {
  const project = new Project(from, newEngine());
  await project.up();
  project.text = to;
  const { plan } = await project.plan({ removeOrphans: true });
  const starts = plan.operations.filter(({ kind }) => kind === "container.start");
  return Object.fromEntries(
    starts.map(({ id, dependsOn }) => [
      id,
      dependsOn.map(({ on }) => on).filter((on) => on.includes("stop")),
    ]),
  );
}

describe("a container that takes over a host port", () => {
  const one = (name: string, port: string): string => `${name}: { image: busybox, ports: ["${port}"] }`;

  it("of a service that was renamed starts after the old one has stopped", async () => {
    const starts = await startsOf(
      `services: { ${one("db", "8080:80")} }`,
      `services: { ${one("store", "8080:80")} }`,
    );
    expect(starts).toEqual({ "container.start:app-store-1": ["container.stop:app-db-1"] });
  });

  it("of a service that gives it up does so, too, and another port is nobody's concern", async () => {
    const starts = await startsOf(
      `services: { ${one("a", "8080:80")}, ${one("b", "8081:80")}, ${one("c", "8082:80")} }`,
      `services: { ${one("a", "8081:80")}, ${one("b", "8080:80")}, ${one("c", "8083:80")} }`,
    );
    expect(starts["container.start:app-a-1"]).toContain("container.stop:app-b-1");
    expect(starts["container.start:app-b-1"]).toContain("container.stop:app-a-1");
    expect(starts["container.start:app-c-1"]).toEqual([]);
  });
});

it("a container that takes over an address starts after its holder has stopped", async () => {
  const text = (name: string): string => `
services: { ${name}: { image: busybox, networks: { n: { ipv4_address: 10.1.1.9 } } } }
networks: { n: { ipam: { config: [{ subnet: 10.1.1.0/24 }] } } }
`;
  expect(await startsOf(text("db"), text("store"))).toEqual({
    "container.start:app-store-1": ["container.stop:app-db-1"],
  });
});
