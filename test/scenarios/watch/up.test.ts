/** Watching beside an `up` in the foreground. */
import { expect } from "vitest";
import { scenario } from "../../support/scenario/scenario.ts";
import { expectFile, idOf, interrupt, PATIENCE } from "./steps.ts";

scenario("up --watch shows output and syncs; Ctrl-C ends both", import.meta.filename, async (s) => {
  const up = s.cli.start("up", "--watch", "app");
  await up.waitFor(/watch app: .*src/);
  const id = await idOf(s, "app-1");
  await s.stack.write("app/src/main.txt", "edited\n");
  await expectFile(id, "/app/src/main.txt", "edited\n");
  await s.stack.write("app/conf/name", "shown in the output\n");
  await up.waitFor(/app-1 +\| shown in the output/);
  await interrupt(up);
  expect(await s.engine.summary()).toEqual(["app-1 exited"]);
});

scenario("up --watch begins with what was saved before", import.meta.filename, async (s) => {
  await s.cli.ok("up", "-d", "built");
  await s.stack.write("built/site/index.html", "saved before\n");
  const up = s.cli.start("up", "--watch", "built");
  await up.waitFor(/watch built: .*site/);
  await expectFile(await idOf(s, "built-1"), "/site/index.html", "saved before\n");
  await interrupt(up);
  await s.cli.ok("down", "--rmi", "local", "-t", "0");
});

scenario(
  "the menu turns watching off and on without losing a save or the output",
  import.meta.filename,
  async (s) => {
    const up = s.cli.startInTerminal("up", "built");
    const times = async (text: string, count: number): Promise<void> =>
      expect.poll(() => up.output.split(text).length - 1, PATIENCE).toBeGreaterThanOrEqual(count);
    await up.waitFor("w watch");
    up.type("w");
    await up.waitFor(/watch built: .*site/);
    up.type("w");
    await up.waitFor("w watch");
    await s.stack.write("built/site/index.html", "while it was off\n");
    up.type("w");
    await times("watch built: ", 2);
    await expectFile(await idOf(s, "built-1"), "/site/index.html", "while it was off\n");
    // The only container is replaced: that is not the end of `up`.
    await s.stack.write("built/version", "2\n");
    await up.waitFor("rebuilt and replaced");
    const id = await idOf(s, "built-1");
    await s.stack.write("built/site/index.html", "last\n");
    await expectFile(id, "/site/index.html", "last\n");
    up.type("\u0003");
    await up.finished;
    expect(await s.engine.summary()).toEqual(["built-1 exited"]);
    await s.cli.ok("down", "--rmi", "local", "-t", "0");
  },
);
