import { expect } from "vitest";
import { scenario } from "../../support/scenario/scenario.ts";

scenario(
  "--compatibility names with underscores; names follow, containers stay",
  import.meta.filename,
  async (s) => {
    const seen = async () => (await s.engine.containers()).map(({ id, name }) => ({ id, name }));
    await s.cli.ok("--compatibility", "up", "-d");
    const [first] = await seen();
    expect(first?.name).toBe(`${s.project}_web_1`);
    await s.cli.ok("up", "-d");
    expect(await seen()).toEqual([{ id: first?.id, name: `${s.project}-web-1` }]);

    await s.cli.with({ COMPOSE_COMPATIBILITY: "true" }).ok("up", "-d", "--scale", "web=2");
    const both = await seen();
    expect(both.map(({ name }) => name)).toEqual([`${s.project}_web_1`, `${s.project}_web_2`]);
    expect(both[0]?.id).toBe(first?.id);
  },
);
