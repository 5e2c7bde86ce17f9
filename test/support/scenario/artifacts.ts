/** What is kept of a scenario that failed: `.artifacts/<scenario>/`. */
import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { describe, type Result } from "./cli.ts";
import type { EngineView } from "./engine-view.ts";
import type { StackCopy } from "./stack-copy.ts";

const FOLDER = resolve(import.meta.dirname, "../../../.artifacts");

export interface Evidence {
  readonly intent: string;
  readonly results: readonly Result[];
  readonly engine: EngineView;
  readonly stack: StackCopy;
}

/** @returns the folder */
export async function keepArtifacts({ intent, results, engine, stack }: Evidence): Promise<string> {
  const folder = join(FOLDER, intent.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-"));
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "commands.txt"), `${results.map(describe).join("\n\n")}\n`);
  const containers = await engine.containers();
  await writeFile(join(folder, "containers.json"), JSON.stringify(containers, undefined, 2));
  for (const { name } of containers) await writeFile(join(folder, `${name}.log`), await engine.logs(name));
  await cp(stack.directory, join(folder, "stack"), {
    recursive: true,
    filter: (path) => !path.endsWith(".sock"),
  });
  return folder;
}
