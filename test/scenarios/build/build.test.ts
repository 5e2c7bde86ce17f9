import { expect } from "vitest";
import { scenario } from "../../support/scenario/scenario.ts";

scenario("up builds what is missing; up --build builds what has changed", import.meta.filename, async (s) => {
  await s.cli.ok("up", "-d");
  const first = await s.engine.container("app-1");
  const log = await s.engine.logs("app-1");
  expect(log).toContain("hello\nfirst\n");
  expect(log).toContain("file.txt");
  expect(log).not.toContain("key.secret");

  expect(await s.engine.eventsDuring(() => s.cli.ok("up", "-d"))).toEqual([]);

  await s.stack.write("app/file.txt", "second\n");
  await s.cli.ok("up", "-d", "--build");
  const second = await s.engine.container("app-1");
  expect(second.image).not.toBe(first.image);
  expect(second.id).not.toBe(first.id);

  await s.cli.ok("up", "-d", "--build");
  expect((await s.engine.container("app-1")).id).toBe(second.id);
  await s.cli.ok("down", "--rmi", "local");
});

scenario(
  "a failing build shows its output and leaves the running container alone",
  import.meta.filename,
  async (s) => {
    await s.cli.ok("up", "-d");
    const before = await s.engine.containers();
    await s.stack.edit("app/Dockerfile", "COPY file.txt /copied", "RUN echo the reason >&2 && exit 7");
    const result = await s.cli.run("up", "-d", "--build");
    expect(result.code).toBeGreaterThan(0);
    expect(result.stderr).toContain("the reason");
    expect(await s.engine.containers()).toEqual(before);
  },
);
