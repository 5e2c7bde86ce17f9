import { expect } from "vitest";
import { scenario } from "../../support/scenario/scenario.ts";

scenario(
  "attached up shows the output of all; the first Ctrl-C stops gracefully",
  import.meta.filename,
  async (s) => {
    const up = s.cli.start("up");
    await up.waitFor(/polite-1 +\| polite is here/);
    await up.waitFor(/stubborn-1 +\| stubborn is here/);
    up.kill("SIGINT");
    const { stdout, code } = await up.finished;
    expect(stdout).toContain("goodbye");
    expect(code).toBe(130);
    expect(await s.engine.summary()).toEqual(["polite-1 exited", "stubborn-1 exited"]);
    expect((await s.engine.container("polite-1")).exitCode).toBe(0);
    expect((await s.engine.container("stubborn-1")).exitCode).toBe(137);
  },
);

scenario("the second Ctrl-C does not wait for anybody", import.meta.filename, async (s) => {
  const up = s.cli.with({ GRACE: "10m" }).start("up");
  await up.waitFor("polite is here");
  await up.waitFor("stubborn is here");
  up.kill("SIGINT");
  await up.waitFor("not yet");
  up.kill("SIGINT");
  await up.finished;
  expect(await s.engine.summary()).toEqual(["polite-1 exited", "stubborn-1 exited"]);
  expect((await s.engine.container("stubborn-1")).exitCode).toBe(137);
});

scenario("in a terminal, Ctrl-C is a key", import.meta.filename, async (s) => {
  const up = s.cli.startInTerminal("up");
  await up.waitFor("polite is here");
  await up.waitFor("stubborn is here");
  up.type("\u0003");
  await up.waitFor("goodbye");
  await up.finished;
  expect(await s.engine.summary()).toEqual(["polite-1 exited", "stubborn-1 exited"]);
});

scenario(
  "a service that does not exist is refused before anything is made",
  import.meta.filename,
  async (s) => {
    const { code, stderr } = await s.cli.run("up", "--exit-code-from", "polit");
    expect(code).toBe(1);
    expect(stderr).toMatch(/no such service: "polit"/);
    expect(await s.engine.summary()).toEqual([]);
  },
);
