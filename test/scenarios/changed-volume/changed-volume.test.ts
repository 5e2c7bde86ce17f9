import { expect } from "vitest";
import { containerFile } from "../../support/scenario/manifest.ts";
import { scenario } from "../../support/scenario/scenario.ts";

scenario(
  "a volume that is declared differently is made anew only with the consent that the refusal names",
  import.meta.filename,
  async (s) => {
    await s.cli.ok("up", "-d");
    await s.cli.ok("exec", "db", "sh", "-c", "echo precious > /data/file");
    await s.stack.edit("compose.yaml", 'of: "1"', 'of: "2"');
    const before = await s.engine.container("db-1");
    const refused = await s.cli.run("up", "-d");
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("deletes its data");
    expect(await s.engine.container("db-1")).toEqual(before);
    expect(await containerFile(before.id, "/data/file")).toBe("precious\n");

    const [, flag = ""] = /say (--\S+) to go on/.exec(refused.stderr) ?? [];
    await s.cli.ok("up", "-d", flag);
    const { id, state } = await s.engine.container("db-1");
    expect(state).toBe("running");
    expect(await containerFile(id, "/data/file")).toBeUndefined();
    expect((await s.cli.run("plan", "--exit-code")).code).toBe(0);
  },
);
