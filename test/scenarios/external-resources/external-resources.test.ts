import { expect } from "vitest";
import { change, get } from "../../support/scenario/engine-socket.ts";
import { scenario } from "../../support/scenario/scenario.ts";

scenario("down leaves external networks and volumes alone", import.meta.filename, async (s) => {
  const shared = `${s.project}-shared`;
  const cli = s.cli.with({ SHARED: shared });
  s.atEnd(() => change("DELETE", `/volumes/${shared}?force=1`));
  s.atEnd(() => change("DELETE", `/networks/${shared}`));

  const missing = await cli.run("up", "-d");
  expect(missing.code).toBeGreaterThan(0);
  expect(missing.stderr).toContain(shared);
  expect(await s.engine.summary()).toEqual([]);

  await change("POST", "/networks/create", { Name: shared, CheckDuplicate: true });
  await change("POST", "/volumes/create", { Name: shared });
  await cli.ok("up", "-d");
  expect(Object.keys((await s.engine.container("web-1")).networks)).toEqual([shared]);
  await cli.ok("down", "-v");
  expect(await s.engine.summary()).toEqual([]);
  expect(await get(`/networks/${shared}`)).toBeDefined();
  expect(await get(`/volumes/${shared}`)).toBeDefined();
});
