import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EngineResponseError, OperationError } from "../../../engine/error.ts";
import type { WatchEvent } from "../../../engine/watch/event.ts";
import { type Batch, type LoopRule, WatchLoop } from "../../../engine/watch/loop.ts";
import { compileRules } from "../../../engine/watch/rules.ts";
import { ServiceWatch } from "../../../engine/watch/service-watch.ts";
import type { WatchRule } from "../../../schema/model.ts";
import { FakeEngine } from "../../support/fake-engine/fake-engine.ts";
import { hasNothing } from "./fake-shell.ts";

let fake: FakeEngine;
let root: string;
let watch: ServiceWatch;
let events: WatchEvent[];
let acts: string[];
let failing: Set<string>;
const never = new AbortController().signal;

beforeEach(async () => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "tcompose-service-")));
  for (const folder of ["src", "conf", "gen"]) mkdirSync(join(root, folder));
  fake = new FakeEngine();
  fake.addImage("app");
  events = [];
  acts = [];
  failing = new Set();
  watch = create([
    { path: join(root, "src"), action: "sync", target: "/src" },
    { path: join(root, "conf"), action: "sync+restart", target: "/conf" },
    { path: join(root, "gen"), action: "sync+exec", target: "/gen", exec: { command: ["true"] } },
    { path: join(root, "version"), action: "rebuild" },
  ]);
  await watch.readBaseline();
  await addContainer("one");
});
afterEach(() => {
  watch.close();
  fake.close();
  rmSync(root, { recursive: true });
});

function create(rules: readonly WatchRule[]): ServiceWatch {
  const act = (name: string): Promise<void> => {
    acts.push(name);
    return failing.has(name) ? Promise.reject(new OperationError(name, "no")) : Promise.resolve();
  };
  const volumes = [{ type: "bind" as const, source: "/x", target: "/bound" }];
  return new ServiceWatch({
    name: "web",
    engine: fake,
    rules: compileRules(
      "web",
      { volumes, develop: { watch: rules } },
      { isFile: () => false, realPath: (path) => path, contextDir: undefined, contextPatterns: [] },
    ),
    actions: { rebuild: () => act("rebuild"), restart: () => act("restart"), exec: () => act("exec") },
    report: (event) => events.push(event),
    now: () => 0,
  });
}

async function addContainer(name: string): Promise<void> {
  fake.behave(name, { exec: hasNothing });
  await fake.createContainer(name, { Image: "app", HostConfig: {} });
  await fake.startContainer(name);
  await watch.addContainer(fake.container(name).id, name, "initial");
}

/** What a change of these paths makes the loop order. */
function batchOf(changes: readonly (readonly [number, string])[]): Batch {
  const loop = new WatchLoop();
  for (const [index, path] of changes) {
    const rule: LoopRule | undefined = watch.rules[index];
    if (rule !== undefined) loop.step({ type: "changed", rule, path: join(root, path), now: 0 });
  }
  const run = loop.step({ type: "tick", now: 1000 }).find((effect) => effect.type === "run");
  if (run?.type !== "run") throw new Error("nothing to run");
  return run.batch;
}

/** Whether nothing of it has to be tried again. */
async function change(...changes: (readonly [number, string])[]): Promise<boolean> {
  for (const [, path] of changes) writeFileSync(join(root, path), String(Math.random()));
  return (await watch.run(batchOf(changes), 0, { build: never, stop: never })).size === 0;
}

/** The engine takes no archive with this file in it, until the answer is called. */
function refuse(path: string): () => void {
  return fake.before("putArchive", ({ args }) => {
    const isIn = args.some((arg) => Buffer.isBuffer(arg) && arg.toString("latin1").includes(`${path}\0`));
    if (isIn) throw new EngineResponseError(500, "PUT", "disk full");
  });
}

const fileIn = (container: string, path: string): boolean => fake.container(container).files.has(path);
const typesOf = (): string[] => events.map(({ type }) => type);

describe("a batch of one service", () => {
  it("syncs to every container, and restarts or runs the command only for rules that had news", async () => {
    await addContainer("two");
    expect(await change([0, "src/a"])).toBe(true);
    expect([fileIn("one", "/src/a"), fileIn("two", "/src/a")]).toEqual([true, true]);
    expect(acts).toEqual([]);
    await change([0, "src/a"], [1, "conf/c"]);
    await change([2, "gen/g"]);
    expect(acts).toEqual(["restart", "exec"]);
    // An echo of an event is no news, also beside a real change.
    writeFileSync(join(root, "src/b"), "1");
    await watch.run(
      batchOf([
        [1, "conf/c"],
        [0, "src/b"],
      ]),
      0,
      { build: never, stop: never },
    );
    expect(acts).toEqual(["restart", "exec"]);
  });

  it("names the one file that was sent, not one that came and went beside it", async () => {
    writeFileSync(join(root, "src/page"), "1");
    await watch.run(
      batchOf([
        [0, "src/page.tmp"],
        [0, "src/page"],
      ]),
      0,
      { build: never, stop: never },
    );
    expect(events.at(-1)).toMatchObject({ type: "synced", written: 1, example: "page" });
  });

  it("says once of a name that is no text that it is left out, and brings what is beside it", async () => {
    writeFileSync(Buffer.concat([Buffer.from(`${root}/src/`), Buffer.from([0xff, 0x61])]), "1");
    expect(await change([0, "src/a"])).toBe(true);
    for (let times = 0; times < 2; times += 1) {
      await watch.run(batchOf([[0, "src"]]), 0, { build: never, stop: never });
      await watch.run(batchOf([[0, "src/\uFFFDa"]]), 0, { build: never, stop: never });
    }
    expect(fileIn("one", "/src/a")).toBe(true);
    const path = join(root, "src/\uFFFDa");
    expect(events.filter(({ type }) => type === "unreadable")).toEqual([
      { type: "unreadable", path, reason: "its name is not UTF-8" },
    ]);
  });

  it("makes up for a restart that failed, although its files are there already", async () => {
    failing.add("restart");
    expect(await change([1, "conf/c"])).toBe(false);
    failing.clear();
    await watch.run(batchOf([[1, "conf/c"]]), 0, { build: never, stop: never });
    await change([0, "src/a"]);
    expect(acts).toEqual(["restart", "restart"]);
  });

  it("brings a container that is made anew what was edited since the image", async () => {
    await change([0, "src/a"]);
    await addContainer("two");
    expect(fileIn("two", "/src/a")).toBe(true);
  });

  it("begins again with what the containers had when it ended", async () => {
    await change([0, "src/a"], [0, "src/b"]);
    watch.close();
    events.length = 0;
    writeFileSync(join(root, "src/b"), "while it was off");
    rmSync(join(root, "src/a"));
    await watch.addContainer(fake.container("one").id, "one", "initial");
    expect(events).toMatchObject([
      { type: "synced", written: 1, reason: "initial" },
      { type: "not-deleted", targets: ["/src/a"] },
    ]);
  });

  it("brings everything to a container whose image is not known to have it", async () => {
    writeFileSync(join(root, "src/old"), "from before");
    await watch.readBaseline(false);
    await addContainer("two");
    expect(fileIn("two", "/src/old")).toBe(true);
  });

  it("takes the tree to be in the image after a rebuild, and only then", async () => {
    await change([0, "src/a"]);
    failing.add("rebuild");
    expect(await change([3, "version"])).toBe(false);
    await addContainer("old");
    expect(fileIn("old", "/src/a")).toBe(true);
    failing.clear();
    expect(await change([3, "version"])).toBe(true);
    await addContainer("new");
    expect(fileIn("new", "/src/a")).toBe(false);
  });

  it("syncs to the old containers when a build fails, and builds again with the next change", async () => {
    failing.add("rebuild");
    expect(await change([3, "version"], [0, "src/a"], [1, "conf/c"])).toBe(false);
    expect([fileIn("one", "/src/a"), fileIn("one", "/conf/c")]).toEqual([true, true]);
    expect(acts).toEqual(["rebuild", "restart"]);
    failing.clear();
    expect(await change([3, "version"], [0, "src/b"])).toBe(true);
  });

  it("a build that a newer change ended leaves everything to the next one", async () => {
    failing.add("rebuild");
    const batch = batchOf([
      [3, "version"],
      [0, "src/a"],
    ]);
    expect([...(await watch.run(batch, 0, { build: AbortSignal.abort(), stop: never }))]).toEqual([3, 0]);
    expect(fileIn("one", "/src/a")).toBe(false);
  });

  it("one container's failure is told and does not keep the change from the others", async () => {
    await addContainer("two");
    fake.failNext(
      ({ method, target }) => method === "putArchive" && target === "one",
      new EngineResponseError(500, "PUT", "disk full"),
      2,
    );
    expect(await change([0, "src/a"])).toBe(false);
    expect(fileIn("two", "/src/a")).toBe(true);
    expect(events).toContainEqual(
      expect.objectContaining({ type: "failed", action: "sync", containers: ["one"] }),
    );
  });

  it("one file that is refused holds back no other and is told once, until it is saved again", async () => {
    const allow = refuse("src/bad");
    expect(await change([0, "src/bad"], [0, "src/a"], [1, "conf/c"])).toBe(false);
    expect([fileIn("one", "/src/a"), fileIn("one", "/src/bad")]).toEqual([true, false]);
    // The rule that arrived whole has its restart, and the echo of the save tells nothing new.
    expect(acts).toEqual(["restart"]);
    await watch.run(batchOf([[0, "src/bad"]]), 0, { build: never, stop: never });
    expect(typesOf().filter((type) => type === "failed")).toHaveLength(1);
    await change([0, "src/bad"]);
    expect(typesOf().filter((type) => type === "failed")).toHaveLength(2);
    allow();
    expect(await change([0, "src/b"], [0, "src/bad"])).toBe(true);
    expect(fileIn("one", "/src/bad")).toBe(true);
  });

  it("restarts for a rule of which something was refused only when all of it has arrived", async () => {
    const allow = refuse("conf/bad");
    expect(await change([1, "conf/bad"], [1, "conf/c"])).toBe(false);
    expect(acts).toEqual([]);
    allow();
    await watch.run(batchOf([[1, "conf/bad"]]), 0, { build: never, stop: never });
    expect(acts).toEqual(["restart"]);
  });

  it("brings a container that could not be served when it came up to date with the next change", async () => {
    await change([0, "src/a"]);
    const allow = refuse("src/a");
    await addContainer("two");
    expect(fileIn("two", "/src/a")).toBe(false);
    allow();
    await change([0, "src/b"]);
    expect(fileIn("two", "/src/a")).toBe(true);
  });

  it("says nothing of a container that is gone", async () => {
    await fake.removeContainer("one", { force: true });
    expect(await change([0, "src/a"])).toBe(true);
    expect(typesOf()).toEqual([]);
  });

  it("does not sync into a bind mount, but restarts", async () => {
    watch.close();
    watch = create([{ path: join(root, "conf"), action: "sync+restart", target: "/bound/conf" }]);
    await addContainer("bound");
    await change([0, "conf/c"]);
    expect(acts).toEqual(["restart"]);
    expect([...fake.container("bound").files.keys()]).toEqual([]);
  });
});
