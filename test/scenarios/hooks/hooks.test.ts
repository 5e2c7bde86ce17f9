import { mkdir } from "node:fs/promises";
import { expect } from "vitest";
import { scenario, type Scenario } from "../../support/scenario/scenario.ts";

/** What ran since the last look, with the container's number instead of its id. */
async function hooks(s: Scenario, ids: readonly string[]): Promise<readonly string[]> {
  const text = await s.stack.read("log/hooks");
  await s.stack.write("log/hooks", "");
  return ids
    .reduce((all, id, i) => all.replaceAll(id, String(i + 1)), text)
    .trimEnd()
    .split("\n");
}

async function shortIds(s: Scenario): Promise<readonly string[]> {
  return (await s.engine.containers()).map(({ id }) => id.slice(0, 12));
}

async function prepare(s: Scenario): Promise<void> {
  await mkdir(s.stack.path("log"));
  await s.stack.write("log/hooks", "");
}

scenario("hooks run around every start and stop", import.meta.filename, async (s) => {
  await prepare(s);
  await s.cli.ok("up", "-d");
  const old = await shortIds(s);
  expect(await hooks(s, old), "up").toEqual(["pre_start", "post_start 1"]);
  await s.cli.ok("restart");
  expect(await hooks(s, old), "restart").toEqual(["pre_stop 1", "pre_start", "post_start 1"]);
  await s.cli.ok("stop");
  expect(await hooks(s, old), "stop").toEqual(["pre_stop 1"]);
  await s.cli.ok("start");
  expect(await hooks(s, old), "start").toEqual(["pre_start", "post_start 1"]);

  await s.cli.ok("scale", "web=2");
  const two = await shortIds(s);
  expect(await hooks(s, two), "one more: the first serves on").toEqual(["post_start 2"]);
  await s.cli.ok("scale", "web=1");
  expect(await hooks(s, two), "one less").toEqual(["pre_stop 2"]);

  await s.cli.ok("up", "-d", "--force-recreate");
  const fresh = await shortIds(s);
  expect(await hooks(s, [...old, ...fresh]), "recreate").toEqual(["pre_stop 1", "pre_start", "post_start 2"]);
  await s.cli.ok("rm", "-sf");
  expect(await hooks(s, fresh), "rm").toEqual(["pre_stop 1"]);
  expect(await s.engine.summary()).toEqual([]);
});

scenario("run executes post_start hooks beside its command", import.meta.filename, async (s) => {
  await prepare(s);
  const { stdout } = await s.cli.ok(
    "run",
    "--rm",
    "web",
    "sh",
    "-c",
    "until grep -q post_start /log/hooks; do usleep 10000; done; echo seen",
  );
  expect(stdout).toBe("seen\n");
  await s.stack.edit("compose.yaml", "echo post_start", "echo no luck >&2; exit 3; echo");
  const failed = await s.cli.run("run", "-d", "web", "sleep", "infinity");
  expect(failed.code).toBe(1);
  expect(failed.stderr).toContain("post_start hook of web exited with code 3");
  expect(failed.stderr).toContain("no luck");
});

scenario("a hook that fails before the start keeps the service down", import.meta.filename, async (s) => {
  await prepare(s);
  await s.stack.edit("compose.yaml", "echo pre_start", "echo cannot migrate; exit 4; echo");
  const failed = await s.cli.run("up", "-d");
  expect(failed.code).toBe(1);
  expect(failed.stderr).toMatch(/exited with code 4[\s\S]*cannot migrate/);
  expect((await s.engine.container("web-1")).state).toBe("created");
  await s.stack.edit("compose.yaml", "echo cannot migrate; exit 4; echo", "echo pre_start");
  await s.cli.ok("up", "-d");
  expect(await s.engine.summary()).toEqual(["web-1 running"]);
});
