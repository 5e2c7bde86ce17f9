import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { EngineResponseError } from "../../../engine/error.ts";
import type { FakeExecProcess } from "../../support/fake-engine/behaviour.ts";
import { endAll, hasNothing, runLocally } from "./fake-shell.ts";
import { useSyncRig } from "./sync-rig.ts";

const rig = useSyncRig();

describe("sync by archive", () => {
  it("takes many files at once, and many deletes in one command", async () => {
    rig().fake.behave("web", { exec: hasNothing });
    const names = Array.from({ length: 60 }, (_, index) => `f${index}`);
    for (const name of names) rig().write(name, name);
    expect(await rig().sync.sync(rig().at(...names))).toMatchObject({ written: 60, via: "archive" });
    expect(rig().fake.container("web").files.get(join(rig().inside, "f7"))?.toString()).toBe("f7");
    rig().fake.behave("web", { exec: hasOnlyRm });
    for (const name of names) rmSync(join(rig().host, name));
    for (const name of names) writeFileSync(join(rig().inside, name), "");
    expect(await rig().sync.sync(rig().at(...names))).toMatchObject({ deleted: 60, written: 0 });
    expect(existsSync(join(rig().inside, "f7"))).toBe(false);
  });

  it("serves images without a shell, and tells once what cannot be deleted", async () => {
    rig().fake.behave("web", { exec: hasNothing });
    rig().write("a", "1");
    expect(await rig().sync.sync(rig().at("a"))).toMatchObject({ via: "archive", written: 1 });
    rmSync(join(rig().host, "a"));
    rig().write("b", "2");
    expect(await rig().sync.sync(rig().at("a", "b"))).toMatchObject({
      written: 1,
      deleted: 0,
      kept: [join(rig().inside, "a")],
      keptReason: "the image has no shell",
    });
    expect(await rig().sync.sync(rig().at("a", "b"))).toMatchObject({ kept: [], via: "none" });
  });

  it("serves stopped containers, and deletes in them once they run", async () => {
    rig().write("a", "1");
    await rig().sync.sync(rig().at("a"));
    await endAll(rig().shells);
    await rig().fake.stopContainer("web");
    rmSync(join(rig().host, "a"));
    rig().write("b", "2");
    expect(await rig().sync.sync(rig().at("a", "b"))).toMatchObject({ via: "archive", written: 1, kept: [] });
    await rig().fake.startContainer("web");
    expect(await rig().sync.sync(rig().at("a", "b"))).toMatchObject({ via: "shell", deleted: 1 });
    expect(existsSync(join(rig().inside, "a"))).toBe(false);
  });

  it("gives up a shell that keeps refusing what the archive can", async () => {
    rig().fake.behave("web", { exec: ({ stdin, stdout }) => refuseAll(stdin, stdout) });
    for (const text of ["1", "2", "3", "4"]) {
      rig().write("a", text);
      expect(await rig().sync.sync(rig().at("a"))).toMatchObject({ via: "archive" });
    }
    expect(rig().fake.calls.filter(({ method }) => method === "startExec")).toHaveLength(1);
  });

  it("finds the one of many that the engine does not take", async () => {
    rig().fake.behave("web", { exec: hasNothing });
    const names = Array.from({ length: 40 }, (_, index) => `f${index}`);
    for (const name of names) rig().write(name, name);
    rig().fake.before("putArchive", ({ args }) => {
      const isIn = args.some(
        (arg) => Buffer.isBuffer(arg) && arg.toString("latin1").includes("inside/f17\0"),
      );
      if (isIn) throw new EngineResponseError(500, "PUT", "no");
    });
    const report = await rig().sync.sync(rig().at(...names));
    expect(report).toMatchObject({
      written: 39,
      failed: [{ targets: [join(rig().inside, "f17")], isNews: true }],
    });
    expect(await rig().sync.sync(rig().at(...names))).toMatchObject({
      written: 0,
      failed: [{ isNews: false }],
    });
  });

  it("does not ask for ever when everything is refused", async () => {
    rig().fake.behave("web", { exec: hasNothing });
    const names = Array.from({ length: 400 }, (_, index) => `f${index}`);
    for (const name of names) rig().write(name, name);
    rig().fake.failNext("putArchive", new EngineResponseError(500, "PUT", "no space left on device"), 1_000);
    expect((await rig().sync.sync(rig().at(...names))).failed.map(({ targets }) => targets.length)).toEqual([
      400,
    ]);
    expect(rig().uploads).toBeLessThan(60);
  });

  it("waits without a word where only a shell can write and the container does not run", async () => {
    await rig().fake.createContainer("ram", { Image: "app", HostConfig: { Tmpfs: { [rig().inside]: "" } } });
    const ram = rig().createSync("ram");
    rig().write("a", "1");
    expect(await ram.sync(rig().at("a"))).toMatchObject({ via: "none", failed: [] });
    rig().fake.behave("ram", { exec: runLocally(["/bin/sh"], rig().shells) });
    await rig().fake.startContainer("ram");
    expect(await ram.sync(rig().at("a"))).toMatchObject({ via: "shell", written: 1 });
    ram.close();
  });

  it("does not put files where an archive would not be seen", async () => {
    await rig().fake.createContainer("ram", { Image: "app", HostConfig: { Tmpfs: { [rig().inside]: "" } } });
    await rig().fake.startContainer("ram");
    rig().fake.behave("ram", { exec: hasNothing });
    const ram = rig().createSync("ram");
    rig().write("a", "1");
    const [failure] = (await ram.sync(rig().at("a"))).failed;
    expect(failure).toMatchObject({ targets: [join(rig().inside, "a")], reason: "the image has no shell" });
    rig().fake.behave("ram", { exec: runLocally() });
    const names = Array.from({ length: 30 }, (_, index) => `f${index}`);
    for (const name of names) rig().write(name, name);
    const again = rig().createSync("ram");
    expect(await again.sync(rig().at(...names))).toMatchObject({ via: "shell", written: 30 });
    again.close();
  });
});

function hasOnlyRm(process: FakeExecProcess): Promise<number> | number {
  return process.command[0] === "rm" ? runLocally()(process) : hasNothing(process);
}

/** Greets, and says no to everything. */
async function refuseAll(stdin: AsyncIterable<unknown>, stdout: (text: string) => void): Promise<number> {
  stdout("ready\n");
  for await (const data of stdin) {
    for (const [, number] of String(data).matchAll(/^(\d+) w$/gm)) stdout(`denied\n${number} no\n`);
  }
  return 0;
}
