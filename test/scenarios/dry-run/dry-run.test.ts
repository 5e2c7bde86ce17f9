import { expect } from "vitest";
import { scenario } from "../../support/scenario/scenario.ts";

scenario("a dry run tells what it would do, and changes nothing", import.meta.filename, async (s) => {
  const recorder = await s.record();
  const dry = s.cli.with({ DOCKER_HOST: recorder.endpoint });
  const first = await dry.ok("up", "-d", "--dry-run");
  expect(first.stdout).toContain("web-1");
  expect([await s.engine.summary(), await s.engine.networks(), await s.engine.volumes()]).toEqual([
    [],
    [],
    [],
  ]);

  await s.cli.ok("up", "-d");
  const before = await s.engine.containers();
  const text = await s.stack.read("compose.yaml");
  await s.stack.write("compose.yaml", text.replaceAll('"1"', '"2"'));
  const second = await dry.ok("up", "-d", "--dry-run", "--remove-orphans");
  expect(second.stdout).toContain("environment.VERSION");
  expect(recorder.mutations()).toEqual([]);
  expect(await s.engine.containers()).toEqual(before);
});
