/** Compiled code of earlier runs only saves time: the program works with it, without it, and when it is damaged. */
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { scenario } from "../../support/scenario/scenario.ts";

const keptFiles = async (directory: string): Promise<string[]> => {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
};

scenario("kept code is used, mended when it is damaged, and not needed", import.meta.filename, async (s) => {
  const cache = s.stack.path("cache");
  const cli = s.cli.with({ XDG_CACHE_HOME: cache });
  const first = await cli.ok("config");
  const files = await keptFiles(cache);
  expect(files.length).toBeGreaterThan(5);
  expect((await cli.ok("config")).stdout).toBe(first.stdout);
  expect(await keptFiles(cache)).toEqual(files);

  for (const file of files) await writeFile(file, "damaged");
  expect((await cli.ok("config")).stdout).toBe(first.stdout);
  expect(await keptFiles(cache)).toEqual(files);

  const blocked = s.stack.path("a-file");
  await writeFile(blocked, "");
  expect((await s.cli.with({ XDG_CACHE_HOME: blocked }).ok("config")).stdout).toBe(first.stdout);
});
