import { expect } from "vitest";
import { scenario } from "../../support/scenario/scenario.ts";

scenario("each service starts when its conditions hold, not earlier", import.meta.filename, async (s) => {
  const events = await s.engine.eventsDuring(() => s.cli.ok("up", "-d"));
  const at = (event: string, service: string): number =>
    events.indexOf(`container ${event} ${s.project}-${service}-1`);
  expect(at("start", "database")).toBeLessThan(at("start", "plain"));
  expect(at("start", "database")).toBeLessThan(at("start", "migration"));
  expect(at("die", "migration")).toBeGreaterThan(at("start", "migration"));
  expect(at("start", "app")).toBeGreaterThan(at("die", "migration"));
  expect(at("start", "app")).toBeGreaterThan(at("start", "plain"));
  expect((await s.engine.container("database-1")).health).toBe("healthy");
  expect(await s.engine.summary()).toEqual([
    "app-1 running",
    "database-1 running",
    "migration-1 exited",
    "plain-1 running",
  ]);
});

scenario(
  "what depends on a failed service is not started, and the error says why",
  import.meta.filename,
  async (s) => {
    const result = await s.cli.with({ MIGRATION_EXIT: "3" }).run("up", "-d");
    expect(result.code).toBeGreaterThan(0);
    expect(result.stderr).toContain("migration");
    expect(result.stderr).toMatch(/exit(ed)?\b.*\b3\b/i);
    const states = await s.engine.summary();
    expect(states).toContain("migration-1 exited");
    expect(states).not.toContain("app-1 running");
  },
);

scenario("up --wait takes a service that ends with 0 as done", import.meta.filename, async (s) => {
  await s.cli.ok("up", "--wait");
  await s.cli.ok("up", "--wait");
});
