import { expect } from "vitest";
import { scenario } from "../../support/scenario/scenario.ts";

scenario(
  "a service that left the file is named, and removed on request only",
  import.meta.filename,
  async (s) => {
    await s.cli.ok("up", "-d");
    await s.stack.edit("compose.yaml", "  old:", "  young:");

    const up = await s.cli.ok("up", "-d");
    expect(up.stderr).toContain(`${s.project}-old-1`);
    expect(await s.engine.summary()).toEqual(["kept-1 running", "old-1 running", "young-1 running"]);

    await s.cli.ok("up", "-d", "--remove-orphans");
    expect(await s.engine.summary()).toEqual(["kept-1 running", "young-1 running"]);

    await s.stack.edit("compose.yaml", "  young:", "  newest:");
    await s.cli.ok("down", "--remove-orphans");
    expect(await s.engine.summary()).toEqual([]);
    expect(await s.engine.networks()).toEqual([]);
  },
);
