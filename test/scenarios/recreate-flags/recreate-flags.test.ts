import { expect } from "vitest";
import { get } from "../../support/scenario/engine-socket.ts";
import { scenario, type Scenario } from "../../support/scenario/scenario.ts";

async function ids(s: Scenario): Promise<readonly (string | undefined)[]> {
  const all = await s.engine.containers();
  return ["base", "web"].map((name) => all.find(({ service }) => service === name)?.id);
}

scenario("which containers are replaced is for the flags to say", import.meta.filename, async (s) => {
  await s.cli.ok("up", "-d");
  const [base, web] = await ids(s);
  await s.stack.edit("compose.yaml", 'VERSION: "1"', 'VERSION: "2"');
  await s.cli.ok("up", "-d", "--no-recreate");
  expect(await ids(s), "--no-recreate").toEqual([base, web]);
  await s.cli.ok("up", "-d", "web");
  const [sameBase, changed] = await ids(s);
  expect([sameBase === base, changed === web], "what changed").toEqual([true, false]);
  await s.cli.ok("up", "-d", "--force-recreate", "web");
  const [stillBase, forced] = await ids(s);
  expect([stillBase === base, forced === changed], "--force-recreate of one").toEqual([true, false]);
  await s.cli.ok("up", "-d", "--always-recreate-deps", "web");
  const [newBase] = await ids(s);
  expect(newBase, "--always-recreate-deps").not.toBe(base);
});

scenario("--no-deps leaves dependencies alone", import.meta.filename, async (s) => {
  await s.cli.ok("up", "-d", "--no-deps", "web");
  expect(await s.engine.summary()).toEqual(["web-1 running"]);
  await s.cli.ok("up", "--no-start");
  expect(await s.engine.summary()).toEqual(["base-1 created", "web-1 running"]);
});

scenario(
  "anonymous volumes stay with a service until -V; nothing of them is left behind",
  import.meta.filename,
  async (s) => {
    const volumes = async (): Promise<number> => {
      const found = await get<{ readonly Volumes: readonly { readonly Name: string }[] | null }>("/volumes");
      return (found?.Volumes ?? []).filter(({ Name }) => owned.has(Name)).length;
    };
    const owned = new Set<string>();
    const note = async (): Promise<void> => {
      const { id } = await s.engine.container("web-1");
      const inspected = await get<{ readonly Mounts: readonly { readonly Name?: string }[] }>(
        `/containers/${id}/json`,
      );
      for (const { Name } of inspected?.Mounts ?? []) if (Name !== undefined) owned.add(Name);
    };
    const listing = async (): Promise<string> => (await s.cli.ok("exec", "-T", "web", "ls", "/data")).stdout;
    await s.cli.ok("up", "-d");
    await s.cli.ok("exec", "-T", "web", "touch", "/data/kept");
    for (const version of ["2", "3"]) {
      await s.stack.edit("compose.yaml", `VERSION: "${Number(version) - 1}"`, `VERSION: "${version}"`);
      await s.cli.ok("up", "-d");
      expect(await listing(), `version ${version}`).toBe("kept\n");
    }
    await note();
    await s.cli.ok("up", "-d", "-V");
    expect(await listing()).toBe("");
    expect(await volumes(), "the old one went").toBe(0);
    await note();
    expect(await volumes()).toBe(1);
    await s.cli.ok("down", "-v");
    expect(await volumes()).toBe(0);
  },
);
