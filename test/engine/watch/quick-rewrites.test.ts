import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { ServiceTree } from "../../../engine/watch/service-tree.ts";
import { Settling } from "../../../engine/watch/settling.ts";
import { compileRules } from "../../../engine/watch/rules.ts";
import { useSyncRig } from "./sync-rig.ts";

/** File times advance in steps of some milliseconds: rewrites that follow at once mostly share one. */
const ROUNDS = 50;
const rig = useSyncRig();

it("a rewrite of the same size within one step of the file clock is seen", async () => {
  const texts = ["one", "two"];
  for (let round = 0; round < ROUNDS; round += 1) {
    await saveTwice("file", (index) => rig().write("file", `${texts[index]} ${round % 10}`));
    expect(rig().read("file")).toBe(`two ${round % 10}`);
  }
});

it("so is a link that is made anew", async () => {
  const texts = ["one", "two"];
  for (const text of texts) rig().write(text, text);
  await rig().sync.sync(rig().at(...texts));
  for (let round = 0; round < ROUNDS; round += 1) {
    await saveTwice("link", (index) => {
      rmSync(join(rig().host, "link"), { force: true });
      symlinkSync(texts[index] ?? "", join(rig().host, "link"));
    });
    expect(rig().read("link")).toBe("two");
  }
});

/** The second time right after the first state has been read. */
async function saveTwice(name: string, save: (index: 0 | 1) => void): Promise<void> {
  let reads = 0;
  const sync = rig().createSync("web", () => {
    reads += 1;
    if (reads === 1) save(1);
  });
  save(0);
  await sync.sync(rig().at(name));
  await sync.sync(rig().at(name));
  sync.close();
}

it("an echo of a save sends nothing", async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    rig().write("file", `${round}`);
    expect(await rig().sync.sync(rig().at("file"))).toMatchObject({ written: 1 });
    expect(await rig().sync.sync(rig().at("file"))).toMatchObject({ written: 0, via: "none" });
  }
});

it("what a rebuild depends on changes with such a rewrite, and not with an echo", async () => {
  const root = mkdtempSync(join(tmpdir(), "tcompose-tree-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, "src"));
  const path = join(root, "src/version");
  const rules = compileRules(
    "web",
    { develop: { watch: [{ path: join(root, "src"), action: "rebuild" }] } },
    { isFile: () => false, realPath: (name) => name, contextDir: undefined, contextPatterns: [] },
  );
  const settling = new Settling({ onDue: () => undefined });
  const tree = new ServiceTree({ rules, settling, onUnreadable: () => undefined });
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const text of ["1", "2"]) {
      writeFileSync(path, text);
      expect(tree.hasChanged(path)).toBe(true);
      expect(tree.hasChanged(path)).toBe(false);
    }
  }
});
