import { expect } from "vitest";
import { scenario } from "../../support/scenario/scenario.ts";

scenario(
  "an unhealthy dependency is told with its last probes, their exit code and its last lines",
  import.meta.filename,
  async (s) => {
    const { code, stderr } = await s.cli.run("up", "-d");
    expect(code).toBe(1);
    expect(stderr).toMatch(/db.*unhealthy/);
    expect(stderr).toContain("the port is closed");
    expect(stderr).toMatch(/exit(ed with)?( code)? 4|code 4/);
    expect(stderr).toContain("cannot open the data file");
    expect(await s.engine.summary()).toEqual(["db-1 running", "web-1 created"]);
    expect((await s.cli.ok("why", "web")).stdout).toMatch(/db/);
  },
);
