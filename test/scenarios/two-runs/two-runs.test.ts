import { expect } from "vitest";
import { scenario } from "../../support/scenario/scenario.ts";

scenario("of two runs at once the second waits, or refuses", import.meta.filename, async (s) => {
  const first = s.cli.start("up", "-d");
  await first.waitFor("slow-1  Started");
  const refused = await s.cli.run("up", "-d", "--no-wait-lock");
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain(`another run works on project "${s.project}"`);
  const second = await s.cli.ok("up", "-d");
  expect(second.stderr).toContain("waiting: another run works on project");
  expect((await first.finished).code).toBe(0);
  expect(await s.engine.containers()).toHaveLength(2);
});

scenario("a run that was killed holds up nobody", import.meta.filename, async (s) => {
  const first = s.cli.start("up", "-d");
  await first.waitFor("slow-1  Started");
  const second = s.cli.start("up", "-d");
  await second.waitFor("waiting: another run");
  first.kill("SIGKILL");
  expect((await second.finished).code).toBe(0);
  expect((await s.engine.containers()).map(({ state }) => state)).toEqual(["running", "running"]);
});

scenario("a plan is carried out as it was kept, once", import.meta.filename, async (s) => {
  await s.cli.ok("plan", "--out", "plan.json");
  await s.cli.ok("up", "-d", "--plan", "plan.json");
  const ids = (await s.engine.containers()).map(({ id }) => id);
  const refused = await s.cli.run("up", "-d", "--plan", "plan.json");
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain("the plan no longer fits");
  expect(refused.stderr).toContain(`container ${s.project}-slow-1 is new`);
  expect((await s.engine.containers()).map(({ id }) => id)).toEqual(ids);
});
