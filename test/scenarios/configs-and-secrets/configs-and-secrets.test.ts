import { expect } from "vitest";
import { scenario } from "../../support/scenario/scenario.ts";

scenario(
  "configs and secrets reach the container, and new content is noticed",
  import.meta.filename,
  async (s) => {
    await s.cli.ok("up", "-d");
    expect(await s.engine.logs("app-1")).toContain("color=blue\nonly-for-this-test\n");
    const first = await s.engine.container("app-1");
    expect(JSON.stringify(first.labels)).not.toContain("only-for-this-test");

    await s.stack.write("token.txt", "the-next-token\n");
    const plan = await s.cli.run("plan", "--exit-code");
    expect(plan.code).toBe(2);
    expect(plan.stdout).toMatch(/secrets.*content/);
    expect(plan.stdout).not.toContain("the-next-token");
    await s.cli.ok("up", "-d");
    const second = await s.engine.container("app-1");
    expect(second.id).not.toBe(first.id);
    expect(await s.engine.logs("app-1")).toContain("the-next-token");
  },
);
