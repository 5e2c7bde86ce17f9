import { expect } from "vitest";
import { scenario, type Scenario } from "../../support/scenario/scenario.ts";

function withProvider({ cli, stack }: Scenario): Scenario["cli"] {
  return cli.with({ PATH: `${stack.directory}:${process.env["PATH"] ?? ""}` });
}

scenario(
  "a provided service is brought up first, and gives its dependants variables",
  import.meta.filename,
  async (s) => {
    const cli = withProvider(s);
    expect((await cli.ok("plan")).stdout).toContain("database");
    await cli.ok("up", "-d");
    expect((await s.engine.container("web-1")).env["DATABASE_URL"]).toBe("https://db.example");
    await cli.ok("down");
    const calls = (await s.stack.read("home/calls")).trimEnd().split("\n");
    expect(calls).toEqual([
      `compose --project-name=${s.project} up --size=small database`,
      `compose --project-name=${s.project} down --size=small database`,
    ]);
    expect(await s.engine.summary()).toEqual([]);
  },
);

scenario("what depends on a provider that fails is not made", import.meta.filename, async (s) => {
  await s.stack.write("home/broken", "");
  const failed = await withProvider(s).run("up", "-d");
  expect(failed.code).toBe(1);
  expect(failed.stderr).toMatch(/provider tct-cloud of database: up failed \(3\)[\s\S]*out of quota/);
  expect(await s.engine.summary()).toEqual([]);
});

scenario("a provider that is not installed is named", import.meta.filename, async (s) => {
  const { code, stderr } = await s.cli.run("up", "-d");
  expect(code).toBe(1);
  expect(stderr).toContain("provider tct-cloud is not installed");
  expect(stderr).toContain("docker-tct-cloud");
});
