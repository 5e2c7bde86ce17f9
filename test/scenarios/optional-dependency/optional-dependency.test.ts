import { expect } from "vitest";
import { scenario } from "../../support/scenario/scenario.ts";

scenario("an optional dependency that fails is a warning", import.meta.filename, async (s) => {
  const { stderr } = await s.cli.ok("up", "-d");
  expect(stderr).toMatch(/warning: optional dependency seed .*exited with code 4/);
  expect(await s.engine.summary()).toEqual(["seed-1 exited", "web-1 running"]);
});

scenario("what is waited for by itself must not fail", import.meta.filename, async (s) => {
  expect((await s.cli.run("up", "--wait")).code).toBe(1);
});

scenario("what somebody needs must not fail either", import.meta.filename, async (s) => {
  await s.stack.edit("compose.yaml", "successfully, required: false", "successfully");
  const { code, stderr } = await s.cli.run("up", "-d");
  expect(code).toBe(1);
  expect(stderr).toContain("exited with code 4");
  expect(await s.engine.summary()).toEqual(["seed-1 exited", "web-1 created"]);
});
