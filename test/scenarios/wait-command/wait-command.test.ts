import { mkdir } from "node:fs/promises";
import { expect } from "vitest";
import { scenario, type Scenario } from "../../support/scenario/scenario.ts";

async function up(s: Scenario): Promise<void> {
  await mkdir(s.stack.path("go"));
  await s.cli.ok("up", "-d");
}

scenario("wait ends with the container, and with its exit code", import.meta.filename, async (s) => {
  await up(s);
  const waiting = s.cli.start("wait", "job");
  await s.stack.write("go/now", "");
  const { code, stdout } = await waiting.finished;
  expect(code).toBe(7);
  expect(stdout).toBe(`container "${s.project}-job-1" exited with status code 7\n`);
  const again = await s.cli.run("wait", "job");
  expect([again.code, again.stdout], "it has ended already").toEqual([7, stdout]);
});

scenario("wait --down-project takes the project down then", import.meta.filename, async (s) => {
  await up(s);
  await s.stack.write("go/now", "");
  expect((await s.cli.run("wait", "--down-project", "job")).code).toBe(7);
  expect([await s.engine.summary(), await s.engine.networks()]).toEqual([[], []]);
});

scenario("wait refuses what never ran", import.meta.filename, async (s) => {
  const { code, stderr } = await s.cli.run("wait", "job");
  expect(code).toBe(1);
  expect(stderr).toContain("tcompose up -d job");
});
