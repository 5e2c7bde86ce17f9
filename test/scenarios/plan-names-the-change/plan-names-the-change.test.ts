import { expect } from "vitest";
import { scenario } from "../../support/scenario/scenario.ts";

interface PlanJson {
  readonly changes: readonly {
    readonly resource: { readonly name: string };
    readonly action: string;
    readonly cause: { readonly type: string; readonly changes?: readonly unknown[] };
  }[];
}

scenario(
  "plan names the key that changed, and up recreates that container alone",
  import.meta.filename,
  async (s) => {
    await s.cli.ok("up", "-d");
    expect((await s.cli.run("plan", "--exit-code")).code).toBe(0);
    const before = await s.engine.containers();
    const line = await s.stack.edit("compose.yaml", "LOG_LEVEL: info", "LOG_LEVEL: debug");

    const plan = await s.cli.run("plan", "--exit-code");
    expect(plan.code).toBe(2);
    expect(plan.stdout).toContain("environment.LOG_LEVEL");
    expect(plan.stdout).toMatch(/info.*debug/);
    expect(plan.stdout).toMatch(new RegExp(`compose\\.yaml:${line}\\b`));
    expect(plan.stdout).not.toContain("COLOR");

    const { changes } = JSON.parse((await s.cli.ok("plan", "--format", "json")).stdout) as PlanJson;
    const work = changes.filter(({ action }) => action !== "keep");
    expect(work.map(({ action, resource }) => `${action} ${resource.name}`)).toEqual([
      `recreate ${s.project}-web-1`,
    ]);
    expect(work[0]?.cause).toMatchObject({
      type: "diverged",
      changes: [
        {
          path: "environment.LOG_LEVEL",
          from: "info",
          to: "debug",
          range: { file: s.stack.path("compose.yaml"), start: expect.any(Number), line, column: 18 },
        },
      ],
    });

    const events = await s.engine.eventsDuring(() => s.cli.ok("up", "-d"));
    expect(events.filter((event) => event.startsWith(`container`) && event.includes("-db-1"))).toEqual([]);
    const after = await s.engine.containers();
    expect(after.map(({ name }) => name)).toEqual(before.map(({ name }) => name));
    expect(after[0]).toEqual(before[0]);
    expect(after[1]?.id).not.toBe(before[1]?.id);
    expect(after[1]?.env["LOG_LEVEL"]).toBe("debug");
    expect((await s.cli.run("plan", "--exit-code")).code).toBe(0);
  },
);

scenario("plan changes nothing, whatever it finds", import.meta.filename, async (s) => {
  const recorder = await s.record();
  const result = await s.cli.with({ DOCKER_HOST: recorder.endpoint }).run("plan", "--exit-code");
  expect(result.code).toBe(2);
  expect(recorder.mutations()).toEqual([]);
  expect(await s.engine.summary()).toEqual([]);
});
