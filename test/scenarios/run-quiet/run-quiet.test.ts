import { expect } from "vitest";
import { scenario } from "../../support/scenario/scenario.ts";

scenario("run says as much of builds as it is asked to", import.meta.filename, async (s) => {
  const loud = await s.cli.ok("run", "--rm", "--build", "tool");
  expect(loud.stdout).toBe("the command\n");
  expect(loud.stderr).toContain("RUN echo a step of the build");

  const noBuild = await s.cli.ok("run", "--rm", "--build", "--quiet-build", "--quiet-pull", "tool");
  expect(noBuild.stdout).toBe("the command\n");
  expect(noBuild.stderr).not.toContain("RUN echo a step of the build");
  expect(noBuild.stderr).toMatch(/Built/);

  const quiet = await s.cli.ok(
    "--insecure-registry",
    "127.0.0.1:5000",
    "run",
    "--rm",
    "--build",
    "--quiet",
    "tool",
  );
  expect([quiet.stdout, quiet.stderr]).toEqual(["the command\n", ""]);
});
