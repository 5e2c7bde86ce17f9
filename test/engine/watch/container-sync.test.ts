import type { ChildProcess } from "node:child_process";
import {
  chmodSync,
  type Dirent,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EngineResponseError } from "../../../engine/error.ts";
import type { SyncPath } from "../../../engine/watch/sync/change.ts";
import { ContainerSync } from "../../../engine/watch/sync/container-sync.ts";
import type { FakeExecProcess } from "../../support/fake-engine/behaviour.ts";
import { FakeEngine } from "../../support/fake-engine/fake-engine.ts";
import { endAll, hasNothing, runLocally } from "./fake-shell.ts";

let fake: FakeEngine;
let place: string;
let host: string;
let inside: string;
let unreadable: string[];
let sync: ContainerSync;
let shells: Set<ChildProcess>;

beforeEach(async () => {
  place = realpathSync(mkdtempSync(join(tmpdir(), "tcompose-sync-")));
  host = join(place, "host");
  inside = join(place, "inside");
  mkdirSync(host);
  mkdirSync(inside);
  fake = new FakeEngine();
  fake.addImage("app");
  await fake.createContainer("web", { Image: "app", HostConfig: {} });
  await fake.startContainer("web");
  shells = new Set();
  fake.behave("web", { exec: runLocally(["/bin/sh"], shells) });
  unreadable = [];
  sync = createSync();
});
afterEach(() => {
  sync.close();
  fake.close();
  rmSync(place, { recursive: true });
});

function createSync(): ContainerSync {
  return new ContainerSync({
    engine: fake,
    container: "web",
    onUnreadable: (path) => unreadable.push(path),
  });
}

const at = (...names: string[]): SyncPath[] =>
  names.map((name) => ({ source: join(host, name), target: join(inside, name) }));
const write = (name: string, text: string): void => writeFileSync(join(host, name), text);
const read = (name: string): string => readFileSync(join(inside, name), "utf8");
const uploads = (): string[] =>
  fake.calls.filter(({ method }) => method === "putArchive").map(({ method }) => method);

describe("sync through the open shell", () => {
  it("writes files of any content and name with their modes, and sends nothing twice", async () => {
    const names = ["plain", "with space", "quote'\"", "back\\slash", "$HOME", "-rf", "ünï", "empty"];
    for (const name of names) write(name, name === "empty" ? "" : `1\n${name}\n2 ok\n`);
    chmodSync(join(host, "plain"), 0o750);
    const first = await sync.sync(at(...names));
    expect(first).toMatchObject({ written: names.length, deleted: 0, via: "shell" });
    for (const name of names) expect(read(name)).toBe(readFileSync(join(host, name), "utf8"));
    expect(lstatSync(join(inside, "plain")).mode & 0o777).toBe(0o750);
    expect(await sync.sync(at(...names))).toMatchObject({ written: 0, via: "none" });
    expect(uploads()).toEqual([]);
  });

  it("carries binary content through unchanged", async () => {
    const content = Buffer.from(Array.from({ length: 70_000 }, (_, index) => (index * 7) % 256));
    writeFileSync(join(host, "binary"), content);
    await sync.sync(at("binary"));
    expect(readFileSync(join(inside, "binary")).equals(content)).toBe(true);
  });

  it("makes links and folders, and lets the kinds of a path change in both directions", async () => {
    mkdirSync(join(host, "x"));
    write("x/file", "1");
    symlinkSync("x/file", join(host, "link"));
    await sync.sync(at("x", "x/file", "link"));
    expect(readlinkSync(join(inside, "link"))).toBe("x/file");
    rmSync(join(host, "x"), { recursive: true });
    write("x", "a file now");
    rmSync(join(host, "link"));
    mkdirSync(join(host, "link"));
    await sync.sync(at("x", "link"));
    expect(read("x")).toBe("a file now");
    expect(lstatSync(join(inside, "link")).isDirectory()).toBe(true);
    rmSync(join(host, "x"));
    symlinkSync("link", join(host, "x"));
    await sync.sync(at("x"));
    // A link to a folder is replaced, not written into.
    rmSync(join(host, "x"));
    write("x", "again a file");
    await sync.sync(at("x"));
    expect(read("x")).toBe("again a file");
  });

  it("deletes what is gone, with everything below, and nothing that it never sent", async () => {
    mkdirSync(join(host, "d"));
    write("d/file", "1");
    await sync.sync(at("d", "d/file"));
    writeFileSync(join(inside, "own"), "of the container");
    rmSync(join(host, "d"), { recursive: true });
    expect(await sync.sync(at("d", "d/file", "own"))).toMatchObject({ deleted: 1, written: 0 });
    expect(existsSync(join(inside, "d"))).toBe(false);
    expect(read("own")).toBe("of the container");
  });

  it("takes what is reached through a link for gone, and touches nothing behind the link", async () => {
    mkdirSync(join(host, "d"));
    write("d/file", "1");
    await sync.sync(at("d", "d/file"));
    rmSync(join(host, "d"), { recursive: true });
    mkdirSync(join(host, "other"));
    write("other/file", "2");
    symlinkSync("other", join(host, "d"));
    await sync.sync(at("other", "other/file"));
    await sync.sync(at("d", "d/file"));
    expect(readlinkSync(join(inside, "d"))).toBe("other");
    expect(read("other/file")).toBe("2");
    expect(await sync.sync(at("d/file"))).toMatchObject({ written: 0, deleted: 0, via: "none" });
  });

  it("goes on after a change that was refused, and says what the container said", async () => {
    write("file", "1");
    writeFileSync(join(inside, "blocked"), "a file");
    write("ok", "1");
    fake.failNext("putArchive", new EngineResponseError(500, "PUT", "not a directory"));
    const paths = [...at("ok"), { source: join(host, "file"), target: join(inside, "blocked/file") }];
    await expect(sync.sync(paths)).rejects.toMatchObject({
      message: expect.stringContaining("blocked/file") as string,
      hint: expect.stringContaining("its target is a file") as string,
    });
    expect(read("ok")).toBe("1");
    expect(await sync.sync(at("ok"))).toMatchObject({ via: "shell" });
  });

  it("names what could not be written, and why in the words of the container", async () => {
    await fake.createContainer("ram", { Image: "app", HostConfig: { Tmpfs: { [place]: "" } } });
    await fake.startContainer("ram");
    fake.behave("ram", { exec: runLocally(["/bin/sh"], shells) });
    const ram = new ContainerSync({ engine: fake, container: "ram", onUnreadable: () => undefined });
    write("fits", "1");
    write("too large", "1".repeat(5000));
    const full = { source: join(host, "too large"), target: "/dev/full/x" };
    await expect(ram.sync([...at("fits"), full])).rejects.toMatchObject({
      message: expect.stringMatching(/^cannot write \/dev\/full\/x in the container: mkdir: /) as string,
    });
    expect(read("fits")).toBe("1");
    ram.close();
  });

  it("does not replace a folder of the image by the one file that a rule names", async () => {
    write("app.conf", "1");
    mkdirSync(join(inside, "etc"));
    writeFileSync(join(inside, "etc/precious"), "1");
    fake.failNext("putArchive", new EngineResponseError(400, "PUT", "cannot overwrite directory"));
    const root = { source: join(host, "app.conf"), target: join(inside, "etc"), isRoot: true };
    await expect(sync.sync([root])).rejects.toMatchObject({
      hint: expect.stringContaining("is a directory in the image") as string,
    });
    expect(read("etc/precious")).toBe("1");
  });

  it("is opened again when it has ended", async () => {
    write("a", "1");
    await sync.sync(at("a"));
    await endAll(shells);
    await fake.restartContainer("web");
    write("a", "2");
    await sync.sync(at("a"));
    write("a", "3");
    expect(await sync.sync(at("a"))).toMatchObject({ via: "shell" });
    expect(read("a")).toBe("3");
  });

  it("opens one shell, however many ask at the same time", async () => {
    write("a", "1");
    await Promise.all([sync.prepare(), sync.prepare(), sync.sync(at("a"))]);
    expect(fake.calls.filter(({ method }) => method === "startExec")).toHaveLength(1);
  });
});

/** Bytes that shells could stumble over, of different lengths. */
const BYTES: readonly Buffer[] = [
  Buffer.from("-n %s \\033 \\c 'quoted' \"too\" $HOME `id`\r\n\n\n"),
  Buffer.from(Array.from({ length: 512 }, (_, index) => (index * 7) % 256)),
  Buffer.from("ünï\u0000code\n"),
  Buffer.alloc(0),
  Buffer.alloc(300),
];

describe.each([["sh"], ["bash"]])("a burst through %s", (shell) => {
  const many = (count: number): string[] => Array.from({ length: count }, (_, index) => `f${index}`);
  beforeEach(() => {
    fake.behave("web", { exec: runLocally([`/bin/${shell}`], shells) });
  });

  it("writes any content over any other, with modes, and sends nothing twice", async () => {
    const names = many(80);
    for (let round = 0; round < 2; round += 1) {
      for (const [at, name] of names.entries())
        writeFileSync(join(host, name), BYTES[(at + round * Math.ceil(at / 7)) % BYTES.length] ?? "");
      chmodSync(join(host, "f7"), 0o700 + round);
      expect(await sync.sync(at(...names))).toMatchObject({ via: "shell" });
      for (const name of names) {
        const [there, here] = [join(inside, name), join(host, name)];
        expect(readFileSync(there).equals(readFileSync(here)), `${name}, round ${round}`).toBe(true);
        expect(lstatSync(there).mode).toBe(lstatSync(here).mode);
      }
    }
    expect(await sync.sync(at(...names))).toMatchObject({ written: 0, via: "none" });
    expect(uploads()).toEqual([]);
  });

  it("keeps files what they are for who has them open, and cuts what the container made longer", async () => {
    const names = many(60);
    for (const name of names) write(name, "short");
    await sync.sync(at(...names));
    const inode = lstatSync(join(inside, "f3")).ino;
    writeFileSync(join(inside, "f3"), "made much longer inside");
    for (const name of names) write(name, "longer");
    await sync.sync(at(...names));
    expect(read("f3")).toBe("longer");
    expect(lstatSync(join(inside, "f3")).ino).toBe(inode);
  });

  it("changes no other name of the same file, and nothing behind a link", async () => {
    const names = many(60);
    for (const name of names) write(name, "1");
    await sync.sync(at(...names));
    linkSync(join(inside, "f1"), join(inside, "other name"));
    rmSync(join(inside, "f2"));
    writeFileSync(join(inside, "elsewhere"), "precious");
    symlinkSync("elsewhere", join(inside, "f2"));
    for (const name of names) write(name, "2");
    await sync.sync(at(...names));
    expect(read("other name")).toBe("1");
    expect(read("elsewhere")).toBe("precious");
    expect([read("f1"), read("f2")]).toEqual(["2", "2"]);
  });

  it("lets kinds change, makes and removes folders and links", async () => {
    const names = many(30);
    const put = (kind: (name: string, index: number) => void): void => {
      for (const [index, name] of names.entries()) {
        rmSync(join(host, name), { recursive: true, force: true });
        kind(name, index);
      }
    };
    const kinds: readonly ((name: string) => void)[] = [
      (name) => write(name, name),
      (name) => mkdirSync(join(host, name)),
      (name) => symlinkSync("it's a link", join(host, name)),
      () => undefined,
    ];
    for (let round = 0; round < 6; round += 1) {
      put((name, index) => kinds[(index + round * (1 + (index % 3))) % kinds.length]?.(name));
      await sync.sync(at(...names));
      expect(readdirSync(inside, { withFileTypes: true }).map(kindOf).sort()).toEqual(
        readdirSync(host, { withFileTypes: true }).map(kindOf).sort(),
      );
    }
    expect(uploads()).toEqual([]);
  });

  it("carries large files too, by archive when they are many", async () => {
    const large = Buffer.alloc(100_000, "large ");
    const names = many(60);
    for (const [index, name] of names.entries()) write(name, index < 3 ? large.toString() : name);
    expect(await sync.sync(at(...names))).toMatchObject({ via: "shell", written: 60 });
    expect(readFileSync(join(inside, "f1")).equals(large)).toBe(true);
    for (const name of names) write(name, `${large.toString()}${name}`);
    expect(await sync.sync(at(...names))).toMatchObject({ via: "archive", written: 60 });
  });

  it("goes by archive when the shell refuses one of them", async () => {
    const names = many(60);
    for (const name of names) write(name, name);
    const blocked = { source: join(host, "f5"), target: join(inside, "f1/file") };
    writeFileSync(join(inside, "f1"), "a file");
    expect(await sync.sync([...at(...names.slice(6)), blocked])).toMatchObject({ via: "archive" });
    expect(await sync.sync(at("f1"))).toMatchObject({ via: "shell" });
  });
});

function kindOf(entry: Dirent): string {
  const kind = entry.isDirectory() ? "folder" : entry.isSymbolicLink() ? "link" : "file";
  return `${entry.name} ${kind}`;
}

describe("sync by archive", () => {
  it("takes many files at once, and many deletes in one command", async () => {
    fake.behave("web", { exec: hasNothing });
    const names = Array.from({ length: 60 }, (_, index) => `f${index}`);
    for (const name of names) write(name, name);
    expect(await sync.sync(at(...names))).toMatchObject({ written: 60, via: "archive" });
    expect(fake.container("web").files.get(join(inside, "f7"))?.toString()).toBe("f7");
    fake.behave("web", { exec: hasOnlyRm });
    for (const name of names) rmSync(join(host, name));
    for (const name of names) writeFileSync(join(inside, name), "");
    expect(await sync.sync(at(...names))).toMatchObject({ deleted: 60, written: 0 });
    expect(existsSync(join(inside, "f7"))).toBe(false);
  });

  it("serves images without a shell, and tells once what cannot be deleted", async () => {
    fake.behave("web", { exec: hasNothing });
    write("a", "1");
    expect(await sync.sync(at("a"))).toMatchObject({ via: "archive", written: 1 });
    rmSync(join(host, "a"));
    write("b", "2");
    expect(await sync.sync(at("a", "b"))).toMatchObject({
      written: 1,
      deleted: 0,
      kept: [join(inside, "a")],
      keptReason: "the image has no shell",
    });
    expect(await sync.sync(at("a", "b"))).toMatchObject({ kept: [], via: "none" });
  });

  it("serves stopped containers, and deletes in them once they run", async () => {
    write("a", "1");
    await sync.sync(at("a"));
    await endAll(shells);
    await fake.stopContainer("web");
    rmSync(join(host, "a"));
    write("b", "2");
    expect(await sync.sync(at("a", "b"))).toMatchObject({ via: "archive", written: 1, kept: [] });
    await fake.startContainer("web");
    expect(await sync.sync(at("a", "b"))).toMatchObject({ via: "shell", deleted: 1 });
    expect(existsSync(join(inside, "a"))).toBe(false);
  });

  it("gives up a shell that keeps refusing what the archive can", async () => {
    fake.behave("web", { exec: ({ stdin, stdout }) => refuseAll(stdin, stdout) });
    for (const text of ["1", "2", "3", "4"]) {
      write("a", text);
      expect(await sync.sync(at("a"))).toMatchObject({ via: "archive" });
    }
    expect(fake.calls.filter(({ method }) => method === "startExec")).toHaveLength(1);
  });

  it("does not put files where an archive would not be seen", async () => {
    await fake.createContainer("ram", { Image: "app", HostConfig: { Tmpfs: { [inside]: "" } } });
    await fake.startContainer("ram");
    fake.behave("ram", { exec: hasNothing });
    const ram = new ContainerSync({ engine: fake, container: "ram", onUnreadable: () => undefined });
    write("a", "1");
    await expect(ram.sync(at("a"))).rejects.toMatchObject({ code: "refused" });
    fake.behave("ram", { exec: runLocally() });
    const names = Array.from({ length: 30 }, (_, index) => `f${index}`);
    for (const name of names) write(name, name);
    const again = new ContainerSync({ engine: fake, container: "ram", onUnreadable: () => undefined });
    expect(await again.sync(at(...names))).toMatchObject({ via: "shell", written: 30 });
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
