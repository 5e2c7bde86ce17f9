import { expect } from "vitest";
import { scenario } from "../../support/scenario/scenario.ts";

scenario("changed content does to a service what the service asks for", import.meta.filename, async (s) => {
  await s.cli.ok("up", "-d");
  const before = new Map((await s.engine.containers()).map((each) => [each.service, each]));
  await s.stack.write("settings.txt", "red\n");
  const { stdout } = await s.cli.ok("plan");
  expect(stdout).toMatch(/~ update +container \S+-signalled-1/);
  expect(stdout).toMatch(/> start +container \S+-restarted-1/);
  expect(stdout).toMatch(/~ recreate container \S+-replaced-1/);
  expect(stdout).not.toContain("untouched");
  expect(stdout).toContain("configs.settings.content");
  await s.cli.ok("up", "-d");

  const after = new Map((await s.engine.containers()).map((each) => [each.service, each]));
  const isSame = (service: string): boolean => after.get(service)?.id === before.get(service)?.id;
  const isStarted = (service: string): boolean =>
    after.get(service)?.startedAt !== before.get(service)?.startedAt;
  expect([isSame("signalled"), isStarted("signalled")]).toEqual([true, false]);
  expect([isSame("restarted"), isStarted("restarted")]).toEqual([true, true]);
  expect([isSame("untouched"), isStarted("untouched")]).toEqual([true, false]);
  expect(isSame("replaced")).toBe(false);
  const follow = s.cli.start("logs", "-f", "signalled");
  await follow.waitFor("heard");
  follow.kill("SIGINT");
  await follow.finished;
  for (const service of after.keys())
    expect((await s.cli.ok("exec", "-T", service, "cat", "/settings")).stdout, service).toBe("red\n");
  expect((await s.cli.run("plan", "--exit-code")).code).toBe(0);
});
