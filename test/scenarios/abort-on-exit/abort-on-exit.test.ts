import { expect } from "vitest";
import { scenario } from "../../support/scenario/scenario.ts";

scenario(
  "the first container that ends ends all, and gives the exit code",
  import.meta.filename,
  async (s) => {
    const { code, stdout } = await s.cli.run("up", "--abort-on-container-exit");
    expect(code).toBe(5);
    expect(stdout).toContain("job is here");
    expect(stdout.match(/server is here/g)).toHaveLength(1);
    expect(await s.engine.summary()).toEqual(["job-1 exited", "server-1 exited", "silent-1 exited"]);
  },
);

scenario("only a failure ends all, where that is asked for", import.meta.filename, async (s) => {
  const { code, stderr } = await s.cli.run("--profile", "quick", "up", "--abort-on-container-failure");
  expect(code).toBe(5);
  expect(stderr).toMatch(/quick-1 exited with code 0/);
  expect((await s.engine.summary()).filter((line) => !line.endsWith(" exited"))).toEqual([]);
});

scenario("the exit code is that of the service which is named", import.meta.filename, async (s) => {
  const { code } = await s.cli.run("--profile", "quick", "up", "--exit-code-from", "server");
  expect(code).toBe(0);
  expect((await s.engine.summary()).filter((line) => !line.endsWith(" exited"))).toEqual([]);
});

scenario(
  "a container that ends before all are up leaves nothing running",
  import.meta.filename,
  async (s) => {
    await s.stack.edit("compose.yaml", "sleep 1; exit", "exit");
    for (let round = 0; round < 3; round += 1) {
      expect((await s.cli.run("up", "--abort-on-container-exit")).code).toBe(5);
      expect((await s.engine.summary()).filter((line) => line.endsWith(" running"))).toEqual([]);
    }
  },
);

scenario("output is that of the services asked for", import.meta.filename, async (s) => {
  const all = await s.cli.run(
    "up",
    "--abort-on-container-exit",
    "--no-attach",
    "job",
    "--attach",
    "job",
    "--attach",
    "silent",
  );
  expect(all.stdout).not.toContain("job is here");
  expect(all.stdout).toContain("silent-1");
  expect(all.stdout).not.toMatch(/^server-1/m);
});

scenario("up ends with 0 when everything has ended by itself", import.meta.filename, async (s) => {
  const { code, stdout } = await s.cli.run("up", "--no-log-prefix", "job");
  expect(code).toBe(0);
  expect(stdout).toMatch(/^job is here$/m);
});
