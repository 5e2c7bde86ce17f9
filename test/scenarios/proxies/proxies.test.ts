import { expect } from "vitest";
import { scenario } from "../../support/scenario/scenario.ts";

const proxies = { httpProxy: "http://proxy.test:3128", noProxy: "internal.test" };

scenario(
  "build steps and containers get the proxies that config.json names, and a change of them replaces nothing",
  import.meta.filename,
  async (s) => {
    await s.stack.write("config/config.json", JSON.stringify({ proxies: { default: proxies } }));
    const cli = s.cli.with({ DOCKER_CONFIG: s.stack.path("config") });
    await cli.ok("up", "-d", "--wait");
    const both = (noProxy: string): string =>
      [
        "HTTP_PROXY=http://proxy.test:3128",
        `NO_PROXY=${noProxy}`,
        "http_proxy=http://proxy.test:3128",
        "no_proxy=internal.test",
      ].join("\n");
    expect(await s.engine.logs("app-1")).toBe(`built\n${both("internal.test")}\nruns\n${both("own")}\n`);
    expect((await s.cli.ok("plan")).stdout).not.toContain("recreate");
  },
);
