/** One project, two tools: whoever brings a stack up, the other one finds it running and can work with it. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { hasPeer, Peer } from "../../support/scenario/peer.ts";
import { scenario, type Scenario } from "../../support/scenario/scenario.ts";

const STACKS = join(import.meta.dirname, "stacks");

async function ids(s: Scenario): Promise<Record<string, string>> {
  return Object.fromEntries((await s.engine.containers()).map(({ name, id }) => [name, id]));
}

for (const name of hasPeer ? readdirSync(STACKS) : []) {
  scenario(
    `${name}: docker compose takes a stack of ours as it is`,
    join(STACKS, name, "compose.yaml"),
    async (s) => {
      const peer = new Peer(s.project, s.stack.directory);
      await s.cli.ok("up", "-d");
      const before = await ids(s);
      expect(Object.keys(before)).not.toEqual([]);
      await peer.ok("up", "-d");
      expect(await ids(s)).toEqual(before);
      const shown = (await peer.ok("ps", "-a", "-q", "--no-trunc"))
        .split("\n")
        .filter((id) => /^[0-9a-f]{64}$/.test(id));
      expect(shown.toSorted()).toEqual(Object.values(before).toSorted());
      await peer.ok("logs");
      const running = (await s.engine.containers()).find(({ state }) => state === "running");
      expect(await peer.ok("exec", "-T", running?.service ?? "", "echo", "inside")).toContain("inside");
      await peer.ok("down", "-v");
      expect([await s.engine.summary(), await s.engine.networks(), await s.engine.volumes()]).toEqual([
        [],
        [],
        [],
      ]);
    },
  );

  scenario(
    `${name}: a stack of docker compose is taken as it is`,
    join(STACKS, name, "compose.yaml"),
    async (s) => {
      const peer = new Peer(s.project, s.stack.directory);
      await peer.ok("up", "-d");
      const before = await ids(s);
      await s.cli.ok("up", "-d");
      expect(await ids(s)).toEqual(before);
      const { stdout } = await s.cli.ok("ps", "-a", "-q", "--no-trunc");
      expect(stdout.trim().split("\n").toSorted()).toEqual(Object.values(before).toSorted());
      await s.cli.ok("logs");
      const running = (await s.engine.containers()).find(({ state }) => state === "running");
      expect((await s.cli.ok("exec", "-T", running?.service ?? "", "echo", "inside")).stdout).toContain(
        "inside",
      );
      await s.cli.ok("down", "-v");
      expect([await s.engine.summary(), await s.engine.networks(), await s.engine.volumes()]).toEqual([
        [],
        [],
        [],
      ]);
    },
  );
}
