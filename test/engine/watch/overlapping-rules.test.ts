import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { compileRules, type WatchRuleSet } from "../../../engine/watch/rules.ts";
import { ServiceTree } from "../../../engine/watch/service-tree.ts";
import { Settling } from "../../../engine/watch/settling.ts";
import type { WatchRule } from "../../../schema/model.ts";

let root: string;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "tcompose-overlap-")));
  for (const folder of ["src", "conf"]) mkdirSync(join(root, folder));
  writeFileSync(join(root, "src/main"), "");
  writeFileSync(join(root, "conf/name"), "");
});
afterEach(() => rmSync(root, { recursive: true }));

function treeOf(...rules: readonly WatchRule[]): { tree: ServiceTree; rules: readonly WatchRuleSet[] } {
  const compiled = compileRules(
    "web",
    { develop: { watch: rules.map((rule) => ({ ...rule, path: join(root, rule.path) })) } },
    {
      isFile: (path) => path.endsWith("main"),
      realPath: (path) => path,
      contextDir: undefined,
      contextPatterns: [],
    },
  );
  const settling = new Settling({ onDue: () => undefined });
  return {
    tree: new ServiceTree({ rules: compiled, settling, onUnreadable: () => undefined }),
    rules: compiled,
  };
}

/** Targets with the files that they are compared with, for a change of the first rule's `path`. */
async function expanded(
  { tree, rules }: ReturnType<typeof treeOf>,
  path: string,
  known: readonly string[],
): Promise<Record<string, string>> {
  const [rule] = rules;
  if (rule === undefined) throw new Error("no rule");
  const { paths } = await tree.expand(new Map([[rule, new Set([join(root, path)])]]), (target) =>
    known.filter((one) => one.startsWith(target)),
  );
  return Object.fromEntries(paths.map(({ source, target }) => [target, source.slice(root.length + 1)]));
}

it("what another rule brings below a rule's target is not taken away with it", async () => {
  const watched = treeOf(
    { path: "src", action: "sync", target: "/app" },
    { path: "conf", action: "sync", target: "/app/conf" },
  );
  const known = ["/app/main", "/app/conf/name", "/app/conf/old"];
  expect(await expanded(watched, "src", known)).toEqual({
    "/app/main": "src/main",
    "/app/conf/name": "conf/name",
    // Nobody has it any more.
    "/app/conf/old": "src/conf/old",
  });
  rmSync(join(root, "src"), { recursive: true });
  expect(await expanded(watched, "src", known)).toMatchObject({ "/app/conf/name": "conf/name" });
});

it("a file that two rules bring stays while one of them has it", async () => {
  const watched = treeOf(
    { path: "src", action: "sync", target: "/" },
    { path: "conf", action: "sync", target: "/" },
  );
  expect(await expanded(watched, "src/name", ["/main", "/name"])).toEqual({ "/name": "conf/name" });
  expect(await expanded(watched, "src/other", ["/main", "/name"])).toEqual({ "/other": "src/other" });
});

it("an initial sync brings also what another rule covers without one", async () => {
  const { tree } = treeOf(
    { path: "src", action: "sync", target: "/app", initial_sync: true },
    { path: "src/main", action: "sync+restart", target: "/app/main" },
    { path: "conf", action: "sync", target: "/conf" },
  );
  expect([...(await tree.readBaseline()).keys()]).toEqual(["/conf/name"]);
});
