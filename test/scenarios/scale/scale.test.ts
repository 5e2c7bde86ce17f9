import { expect } from "vitest";
import { scenario } from "../../support/scenario/scenario.ts";

scenario("replicas come and go; those that stay are not touched", import.meta.filename, async (s) => {
  await s.cli.ok("up", "-d");
  const two = await s.engine.containers();
  expect(two.map(({ name }) => name)).toEqual([`${s.project}-worker-1`, `${s.project}-worker-2`]);

  await s.cli.ok("up", "-d", "--scale", "worker=4");
  const four = await s.engine.containers();
  expect(four).toHaveLength(4);
  expect(four.slice(0, 2)).toEqual(two);

  await s.cli.ok("up", "-d", "--scale", "worker=1");
  expect(await s.engine.containers()).toEqual(two.slice(0, 1));
});
