import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { renderDiagnostics } from "../../cli/render/diagnostic.ts";
import { loadMemory } from "./support.ts";

const folder = join(import.meta.dirname, "mistakes");
const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
  name.endsWith(".yaml"),
);
const files = Object.fromEntries(
  names.map((name) => [`/work/app/${name}`, readFileSync(join(folder, name), "utf8")]),
);

// Messages are part of the product: each change of one shows here.
describe("typical mistakes", () => {
  it.each(names.filter((name) => !name.includes("/")))("%s", async (name) => {
    const result = loadMemory(files, { configFiles: [name], projectName: "app" });
    const sources = result.ok ? result.stack.sources : result.sources;
    const text = renderDiagnostics(result.diagnostics, sources, {
      color: false,
      width: 100,
      cwd: "/work/app",
    });
    await expect(`${text}\n`).toMatchFileSnapshot(join(folder, `${basename(name, ".yaml")}.txt`));
  });
});
