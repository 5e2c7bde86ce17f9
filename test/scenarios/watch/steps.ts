/** What the scenarios of watching have in common. */
import { expect } from "vitest";
import { containerFile, containerManifest, hostManifest } from "../../support/scenario/manifest.ts";
import type { Scenario } from "../../support/scenario/scenario.ts";

export const PATIENCE = { timeout: 20_000, interval: 50 };

export const idOf = async (s: Scenario, name: string): Promise<string> => (await s.engine.container(name)).id;

/** Waits until a container's file reads so. */
export async function expectFile(id: string, path: string, text: string | undefined): Promise<void> {
  await expect.poll(() => containerFile(id, path), PATIENCE).toBe(text);
}

export async function expectEqualTrees(host: string, id: string, root: string): Promise<void> {
  await expect
    .poll(() => containerManifest(id, root), { timeout: 60_000, interval: 200 })
    .toEqual(await hostManifest(host));
}

/** Ends it as a person does, and hears how it went. */
export async function interrupt(running: ReturnType<Scenario["cli"]["start"]>): Promise<string> {
  running.kill("SIGINT");
  const { code, stderr } = await running.finished;
  expect({ code, stderr }).toMatchObject({ code: 130 });
  return stderr;
}
