import { expect } from "vitest";
import { scenario } from "../../support/scenario/scenario.ts";

scenario("waiting takes a job that ends with 0 for complete", import.meta.filename, async (s) => {
  await s.cli.ok("up", "--wait");
  expect(await s.engine.summary()).toEqual(["job-1 exited", "web-1 running"]);
  const again = await s.cli.ok("up", "--wait");
  expect(again.stderr).not.toMatch(/job-1\s+Running/);
});

scenario(
  "waiting fails for a job that fails, with its exit code and output",
  import.meta.filename,
  async (s) => {
    const { code, stderr } = await s.cli.run("--profile", "failing", "up", "--wait");
    expect(code).toBe(1);
    expect(stderr).toMatch(/failing.*3/s);
    expect(stderr).toContain("no such table");
  },
);

scenario("waiting does not take a crash loop for running", import.meta.filename, async (s) => {
  const { code, stderr } = await s.cli.run("--profile", "crashing", "up", "--wait");
  expect(code).toBe(1);
  expect(stderr).toContain("crashing");
  expect(stderr).toContain("cannot bind");
});

scenario("waiting ends at its limit, also for what others depend on", import.meta.filename, async (s) => {
  const { code, stderr } = await s.cli.run("--profile", "slow", "up", "--wait", "--wait-timeout", "1");
  expect(code).toBe(1);
  expect(stderr).toMatch(/slow-1 is not ready after 1 s/);
  expect((await s.engine.container("behind-1")).state).toBe("created");
});
