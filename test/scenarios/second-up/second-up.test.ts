import { expect } from "vitest";
import { freePort } from "../../support/scenario/stack-copy.ts";
import { scenario } from "../../support/scenario/scenario.ts";

scenario("up of a stack that is up makes no changing call", import.meta.filename, async (s) => {
  const recorder = await s.record();
  const cli = s.cli.with({ PORT: await freePort(), DOCKER_HOST: recorder.endpoint });
  await cli.ok("up", "-d", "--wait");
  expect(recorder.mutations()).not.toEqual([]);
  const before = await s.engine.containers();

  recorder.calls.length = 0;
  const events = await s.engine.eventsDuring(() => cli.ok("up", "-d", "--wait"));
  expect(recorder.mutations()).toEqual([]);
  expect(events).toEqual([]);
  expect(await s.engine.containers()).toEqual(before);
});
