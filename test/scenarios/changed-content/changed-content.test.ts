import { expect } from "vitest";
import { scenario } from "../../support/scenario/scenario.ts";

const changes: readonly (readonly [file: string, from: string, to: string, path: string])[] = [
  ["app.env", "info", "debug", "environment.LEVEL"],
  ["settings.txt", "blue", "red", "configs.settings.content"],
  ["compose.yaml", '"one"', '"two"', "configs.inline.content"],
  ["token.txt", "not-a-real-token", "another-token", "secrets.token.content"],
];

scenario(
  "changed content of an env file, a config or a secret is seen, named and carried out",
  import.meta.filename,
  async (s) => {
    await s.cli.ok("up", "-d");
    for (const [file, from, to, path] of changes) {
      const { id } = await s.engine.container("web-1");
      await s.stack.edit(file, from, to);
      const plan = await s.cli.run("plan", "--exit-code");
      expect(plan.code, file).toBe(2);
      expect(plan.stdout).toContain(path);
      expect(plan.stdout).not.toMatch(/not-a-real-token|another-token/);
      await s.cli.ok("up", "-d");
      expect((await s.engine.container("web-1")).id, file).not.toBe(id);
      expect((await s.cli.run("plan", "--exit-code")).code, file).toBe(0);
    }
    const { labels } = await s.engine.container("web-1");
    expect(JSON.stringify(labels)).not.toContain("another-token");
  },
);
