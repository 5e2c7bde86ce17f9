import { mkdir } from "node:fs/promises";
import { expect } from "vitest";
import { scenario, type Scenario } from "../../support/scenario/scenario.ts";

/** Short ids of the containers whose hook ran since the last look. */
async function stops(s: Scenario): Promise<readonly string[]> {
  const text = await s.stack.read("log/stops");
  await s.stack.write("log/stops", "");
  return text
    .split("\n")
    .flatMap((line) => /^stopped (\S+)/.exec(line)?.[1] ?? [])
    .toSorted();
}

async function shortIds(s: Scenario): Promise<readonly string[]> {
  return (await s.engine.containers()).map(({ id }) => id.slice(0, 12)).toSorted();
}

scenario(
  "pre_stop runs on recreate, scaling down, removal of orphans, stop and down",
  import.meta.filename,
  async (s) => {
    await mkdir(s.stack.path("log"));
    await s.stack.write("log/stops", "");
    await s.cli.ok("up", "-d");

    const first = await shortIds(s);
    await s.stack.edit("compose.yaml", 'VERSION: "1"', 'VERSION: "2"');
    await s.cli.ok("up", "-d");
    expect(await stops(s), "recreate").toEqual(first);

    const second = await shortIds(s);
    await s.stack.edit("compose.yaml", "scale: 2", "scale: 1");
    await s.cli.ok("up", "-d");
    const [kept] = await shortIds(s);
    expect(await stops(s), "scaling down").toEqual(second.filter((id) => id !== kept));

    await s.cli.ok("stop");
    expect(await stops(s), "stop").toEqual([kept]);
    await s.cli.ok("up", "-d");
    await s.cli.ok("down");
    expect(await stops(s), "down").toEqual([kept]);

    await s.cli.ok("up", "-d");
    const orphan = await shortIds(s);
    await s.stack.edit("compose.yaml", "  web:", "  site:");
    await s.cli.ok("up", "-d", "--remove-orphans");
    expect(await stops(s), "removal of orphans").toEqual(orphan);
  },
);
