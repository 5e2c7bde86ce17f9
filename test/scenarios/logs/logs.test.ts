import { expect } from "vitest";
import { scenario } from "../../support/scenario/scenario.ts";

scenario("logs shows what was written, by service, tail and time", import.meta.filename, async (s) => {
  await s.cli.ok("up", "-d");
  const follow = s.cli.start("logs", "-f");
  await follow.waitFor("one line 5");
  await follow.waitFor("two says");

  const all = await s.cli.ok("logs", "--no-color");
  expect(all.stdout).toMatch(/^one-1 +\| one line 1$/m);
  expect(all.stderr).toMatch(/^two-1 +\| two says$/m);
  const tail = await s.cli.ok("logs", "--tail", "2", "one");
  expect(tail.stdout.trimEnd().split("\n")).toEqual(["one-1  | one line 4", "one-1  | one line 5"]);
  const timed = await s.cli.ok("logs", "-t", "--tail", "1", "one");
  expect(timed.stdout).toMatch(/^one-1 +\| \d{4}-\d\d-\d\dT[\d:.]+Z one line 5$/m);
  expect((await s.cli.ok("logs", "--since", "2100-01-01T00:00:00Z")).stdout).toBe("");

  await s.stack.write("more/go", "");
  await follow.waitFor("two again");
  follow.kill("SIGINT");
  await follow.finished;
});
