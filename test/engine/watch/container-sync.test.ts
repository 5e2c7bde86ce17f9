import {
  chmodSync,
  type Dirent,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { EngineResponseError } from "../../../engine/error.ts";
import { endAll, runLocally } from "./fake-shell.ts";
import { useSyncRig } from "./sync-rig.ts";

const rig = useSyncRig();

describe("sync through the open shell", () => {
  it("writes files of any content and name with their modes, and sends nothing twice", async () => {
    const names = ["plain", "with space", "quote'\"", "back\\slash", "$HOME", "-rf", "ünï", "a\nb", "empty"];
    for (const name of names) rig().write(name, name === "empty" ? "" : `1\n${name}\n2 ok\n`);
    chmodSync(join(rig().host, "plain"), 0o750);
    const first = await rig().sync.sync(rig().at(...names));
    expect(first).toMatchObject({ written: names.length, deleted: 0, via: "shell" });
    for (const name of names) expect(rig().read(name)).toBe(readFileSync(join(rig().host, name), "utf8"));
    expect(lstatSync(join(rig().inside, "plain")).mode & 0o777).toBe(0o750);
    expect(await rig().sync.sync(rig().at(...names))).toMatchObject({ written: 0, via: "none" });
    expect(rig().uploads).toBe(0);
  });

  it("keeps what belongs to a mode when the owner is another one", async () => {
    await rig().fake.createContainer("user", { Image: "app", User: "1234:567", HostConfig: {} });
    await rig().fake.startContainer("user");
    rig().fake.behave("user", { exec: runLocally(["/bin/sh"], rig().shells) });
    const user = rig().createSync("user");
    const names = Array.from({ length: 30 }, (_, index) => `f${index}`);
    for (const name of names) {
      rig().write(name, "1");
      chmodSync(join(rig().host, name), 0o4755);
    }
    await user.sync(rig().at("f0"));
    await user.sync(rig().at(...names));
    for (const name of names) expect(lstatSync(join(rig().inside, name)).mode & 0o7777).toBe(0o4755);
    user.close();
  });

  it("carries binary content through unchanged", async () => {
    const content = Buffer.from(Array.from({ length: 70_000 }, (_, index) => (index * 7) % 256));
    writeFileSync(join(rig().host, "binary"), content);
    await rig().sync.sync(rig().at("binary"));
    expect(readFileSync(join(rig().inside, "binary")).equals(content)).toBe(true);
  });

  it("makes links and folders, and lets the kinds of a path change in both directions", async () => {
    mkdirSync(join(rig().host, "x"));
    rig().write("x/file", "1");
    symlinkSync("x/file", join(rig().host, "link"));
    await rig().sync.sync(rig().at("x", "x/file", "link"));
    expect(readlinkSync(join(rig().inside, "link"))).toBe("x/file");
    rmSync(join(rig().host, "x"), { recursive: true });
    rig().write("x", "a file now");
    rmSync(join(rig().host, "link"));
    mkdirSync(join(rig().host, "link"));
    await rig().sync.sync(rig().at("x", "link"));
    expect(rig().read("x")).toBe("a file now");
    expect(lstatSync(join(rig().inside, "link")).isDirectory()).toBe(true);
    rmSync(join(rig().host, "x"));
    symlinkSync("link", join(rig().host, "x"));
    await rig().sync.sync(rig().at("x"));
    // A link to a folder is replaced, not written into.
    rmSync(join(rig().host, "x"));
    rig().write("x", "again a file");
    await rig().sync.sync(rig().at("x"));
    expect(rig().read("x")).toBe("again a file");
  });

  it("deletes what is gone, with everything below, and nothing that it never sent", async () => {
    mkdirSync(join(rig().host, "d"));
    rig().write("d/file", "1");
    await rig().sync.sync(rig().at("d", "d/file"));
    writeFileSync(join(rig().inside, "own"), "of the container");
    rmSync(join(rig().host, "d"), { recursive: true });
    expect(await rig().sync.sync(rig().at("d", "d/file", "own"))).toMatchObject({ deleted: 1, written: 0 });
    expect(existsSync(join(rig().inside, "d"))).toBe(false);
    expect(rig().read("own")).toBe("of the container");
  });

  it("takes what is reached through a link for gone, and touches nothing behind the link", async () => {
    mkdirSync(join(rig().host, "d"));
    rig().write("d/file", "1");
    await rig().sync.sync(rig().at("d", "d/file"));
    rmSync(join(rig().host, "d"), { recursive: true });
    mkdirSync(join(rig().host, "other"));
    rig().write("other/file", "2");
    symlinkSync("other", join(rig().host, "d"));
    await rig().sync.sync(rig().at("other", "other/file"));
    await rig().sync.sync(rig().at("d", "d/file"));
    expect(readlinkSync(join(rig().inside, "d"))).toBe("other");
    expect(rig().read("other/file")).toBe("2");
    expect(await rig().sync.sync(rig().at("d/file"))).toMatchObject({ written: 0, deleted: 0, via: "none" });
  });

  it("goes on after a change that was refused, and says what the container said", async () => {
    rig().write("file", "1");
    writeFileSync(join(rig().inside, "blocked"), "a file");
    rig().write("ok", "1");
    rig().fake.failNext("putArchive", new EngineResponseError(500, "PUT", "not a directory"));
    const paths = [
      ...rig().at("ok"),
      { source: join(rig().host, "file"), target: join(rig().inside, "blocked/file") },
    ];
    const report = await rig().sync.sync(paths);
    expect(report).toMatchObject({ written: 1, targets: [join(rig().inside, "ok")] });
    expect(report.failed.map(({ error }) => error)).toMatchObject([
      {
        message: expect.stringContaining("blocked/file") as string,
        hint: expect.stringContaining("its target is a file") as string,
      },
    ]);
    expect(rig().read("ok")).toBe("1");
    rig().write("ok", "2");
    expect(await rig().sync.sync(rig().at("ok"))).toMatchObject({ via: "shell" });
  });

  it("names what could not be written, and why in the words of the container", async () => {
    const Tmpfs = { [rig().place]: "", "/dev": "" };
    await rig().fake.createContainer("ram", { Image: "app", HostConfig: { Tmpfs } });
    await rig().fake.startContainer("ram");
    rig().fake.behave("ram", { exec: runLocally(["/bin/sh"], rig().shells) });
    const ram = rig().createSync("ram");
    rig().write("fits", "1");
    rig().write("too large", "1".repeat(5000));
    const full = { source: join(rig().host, "too large"), target: "/dev/full/x" };
    const { failed } = await ram.sync([...rig().at("fits"), full]);
    expect(failed.map(({ error }) => error.message)).toEqual([
      expect.stringMatching(/^cannot write \/dev\/full\/x in the container: mkdir: /),
    ]);
    expect(rig().read("fits")).toBe("1");
    ram.close();
  });

  it("does not replace a folder of the image by the one file that a rule names", async () => {
    rig().write("app.conf", "1");
    mkdirSync(join(rig().inside, "etc"));
    writeFileSync(join(rig().inside, "etc/precious"), "1");
    rig().fake.failNext("putArchive", new EngineResponseError(400, "PUT", "cannot overwrite directory"));
    const root = { source: join(rig().host, "app.conf"), target: join(rig().inside, "etc"), isRoot: true };
    expect((await rig().sync.sync([root])).failed[0]?.error).toMatchObject({
      hint: expect.stringContaining("is a directory in the image") as string,
    });
    expect(rig().read("etc/precious")).toBe("1");
  });

  it("is opened again when it has ended", async () => {
    rig().write("a", "1");
    await rig().sync.sync(rig().at("a"));
    await endAll(rig().shells);
    await rig().fake.restartContainer("web");
    rig().write("a", "2");
    await rig().sync.sync(rig().at("a"));
    rig().write("a", "3");
    expect(await rig().sync.sync(rig().at("a"))).toMatchObject({ via: "shell" });
    expect(rig().read("a")).toBe("3");
  });

  it("opens one shell, however many ask at the same time", async () => {
    rig().write("a", "1");
    await Promise.all([rig().sync.prepare(), rig().sync.prepare(), rig().sync.sync(rig().at("a"))]);
    expect(rig().fake.calls.filter(({ method }) => method === "startExec")).toHaveLength(1);
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
    rig().fake.behave("web", { exec: runLocally([`/bin/${shell}`], rig().shells) });
  });

  it("writes any content over any other, with modes, and sends nothing twice", async () => {
    const names = many(80);
    for (let round = 0; round < 2; round += 1) {
      for (const [at, name] of names.entries())
        writeFileSync(join(rig().host, name), BYTES[(at + round * Math.ceil(at / 7)) % BYTES.length] ?? "");
      chmodSync(join(rig().host, "f7"), 0o700 + round);
      expect(await rig().sync.sync(rig().at(...names))).toMatchObject({ via: "shell" });
      for (const name of names) {
        const [there, here] = [join(rig().inside, name), join(rig().host, name)];
        expect(readFileSync(there).equals(readFileSync(here)), `${name}, round ${round}`).toBe(true);
        expect(lstatSync(there).mode).toBe(lstatSync(here).mode);
      }
    }
    expect(await rig().sync.sync(rig().at(...names))).toMatchObject({ written: 0, via: "none" });
    expect(rig().uploads).toBe(0);
  });

  it("keeps files what they are for who has them open, and cuts what the container made longer", async () => {
    const names = many(60);
    for (const name of names) rig().write(name, "short");
    await rig().sync.sync(rig().at(...names));
    const inode = lstatSync(join(rig().inside, "f3")).ino;
    writeFileSync(join(rig().inside, "f3"), "made much longer inside");
    for (const name of names) rig().write(name, "longer");
    await rig().sync.sync(rig().at(...names));
    expect(rig().read("f3")).toBe("longer");
    expect(lstatSync(join(rig().inside, "f3")).ino).toBe(inode);
  });

  it("changes no other name of the same file, and nothing behind a link", async () => {
    const names = many(60);
    for (const name of names) rig().write(name, "1");
    await rig().sync.sync(rig().at(...names));
    linkSync(join(rig().inside, "f1"), join(rig().inside, "other name"));
    rmSync(join(rig().inside, "f2"));
    writeFileSync(join(rig().inside, "elsewhere"), "precious");
    symlinkSync("elsewhere", join(rig().inside, "f2"));
    for (const name of names) rig().write(name, "2");
    await rig().sync.sync(rig().at(...names));
    expect(rig().read("other name")).toBe("1");
    expect(rig().read("elsewhere")).toBe("precious");
    expect([rig().read("f1"), rig().read("f2")]).toEqual(["2", "2"]);
  });

  it("lets kinds change, makes and removes folders and links", async () => {
    const names = many(30);
    const put = (kind: (name: string, index: number) => void): void => {
      for (const [index, name] of names.entries()) {
        rmSync(join(rig().host, name), { recursive: true, force: true });
        kind(name, index);
      }
    };
    const kinds: readonly ((name: string) => void)[] = [
      (name) => rig().write(name, name),
      (name) => mkdirSync(join(rig().host, name)),
      (name) => symlinkSync("it's a link", join(rig().host, name)),
      () => undefined,
    ];
    for (let round = 0; round < 6; round += 1) {
      put((name, index) => kinds[(index + round * (1 + (index % 3))) % kinds.length]?.(name));
      await rig().sync.sync(rig().at(...names));
      expect(readdirSync(rig().inside, { withFileTypes: true }).map(kindOf).sort()).toEqual(
        readdirSync(rig().host, { withFileTypes: true }).map(kindOf).sort(),
      );
    }
    expect(rig().uploads).toBe(0);
  });

  it("makes the folder that a link is in", async () => {
    const links = many(30).map((name) => `new/${name}`);
    mkdirSync(join(rig().host, "new"));
    for (const name of links) symlinkSync("a\nb", join(rig().host, name));
    expect(await rig().sync.sync(rig().at(...links))).toMatchObject({ written: 30, failed: [] });
    expect(readlinkSync(join(rig().inside, "new/f7"))).toBe("a\nb");
  });

  it("carries large files too, by archive when they are many", async () => {
    const large = Buffer.alloc(100_000, "large ");
    const names = many(60);
    for (const [index, name] of names.entries()) rig().write(name, index < 3 ? large.toString() : name);
    expect(await rig().sync.sync(rig().at(...names))).toMatchObject({ via: "shell", written: 60 });
    expect(readFileSync(join(rig().inside, "f1")).equals(large)).toBe(true);
    for (const name of names) rig().write(name, `${large.toString()}${name}`);
    expect(await rig().sync.sync(rig().at(...names))).toMatchObject({ via: "archive", written: 60 });
  });

  it("goes by archive when the shell refuses one of them", async () => {
    const names = many(60);
    for (const name of names) rig().write(name, name);
    const blocked = { source: join(rig().host, "f5"), target: join(rig().inside, "f1/file") };
    writeFileSync(join(rig().inside, "f1"), "a file");
    expect(await rig().sync.sync([...rig().at(...names.slice(6)), blocked])).toMatchObject({
      via: "archive",
    });
    expect(await rig().sync.sync(rig().at("f1"))).toMatchObject({ via: "shell" });
  });
});

function kindOf(entry: Dirent): string {
  const kind = entry.isDirectory() ? "folder" : entry.isSymbolicLink() ? "link" : "file";
  return `${entry.name} ${kind}`;
}
