import { expect } from "vitest";
import { scenario } from "../../support/scenario/scenario.ts";

scenario("d leaves everything running", import.meta.filename, async (s) => {
  const up = s.cli.startInTerminal("up");
  await up.waitFor("serving");
  await up.waitFor("detach");
  up.type("d");
  expect((await up.finished).code).toBe(0);
  expect(await s.engine.summary()).toEqual(["web-1 running"]);
});

scenario("w watches files, Ctrl-C stops gracefully", import.meta.filename, async (s) => {
  const up = s.cli.startInTerminal("up");
  await up.waitFor("detach");
  up.type("w");
  await up.waitFor(/watch web: /);
  await s.stack.write("src/note.txt", "two");
  await up.waitFor(/note\.txt \d+ ms/);
  expect((await s.cli.ok("exec", "-T", "web", "cat", "/src/note.txt")).stdout).toBe("two");
  up.type("\u0003");
  await up.waitFor("goodbye");
  expect((await up.finished).code).toBe(130);
  expect(await s.engine.summary()).toEqual(["web-1 exited"]);
});

scenario("there is no menu where it is not wanted", import.meta.filename, async (s) => {
  const terminals = [() => s.cli.startInTerminal("up", "--no-menu")];
  terminals.push(() => s.cli.with({ COMPOSE_MENU: "0" }).startInTerminal("up"));
  for (const start of terminals) {
    const up = start();
    await up.waitFor("serving");
    up.type("\u0003");
    expect((await up.finished).stdout).not.toContain("detach");
    await s.cli.ok("down");
  }
  const piped = s.cli.start("up", "--menu");
  await piped.waitFor("serving");
  piped.kill("SIGINT");
  expect((await piped.finished).stdout).not.toContain("detach");
});
