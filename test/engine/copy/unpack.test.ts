import { mkdtemp, readFile, readlink, rm, stat, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { packTar, type TarEntry } from "modern-tar";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { unpackTo } from "../../../engine/copy/unpack.ts";

let root = "";
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "tct-unpack-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function unpack(entries: readonly TarEntry[], folder = root): Promise<void> {
  const tar = Readable.from([Buffer.from(await packTar([...entries]))]);
  await unpackTo(tar, { root: folder, keepOwner: false, rename: (name) => name });
}

function file(name: string, body = "hi"): TarEntry {
  return { header: { name, size: body.length, type: "file", mode: 0o640 }, body };
}

describe("unpackTo", () => {
  it("writes files, directories, symbolic and hard links", async () => {
    await unpack([
      { header: { name: "a/", size: 0, type: "directory", mode: 0o500 } },
      file("a/one"),
      { header: { name: "a/link", size: 0, type: "symlink", linkname: "/etc/passwd" } },
      { header: { name: "a/same", size: 0, type: "link", linkname: "a/one" } },
    ]);
    expect(await readFile(join(root, "a/same"), "utf8")).toBe("hi");
    expect(await readlink(join(root, "a/link"))).toBe("/etc/passwd");
    expect((await stat(join(root, "a"))).mode & 0o777).toBe(0o500);
    expect((await stat(join(root, "a/one"))).mode & 0o777).toBe(0o640);
  });

  it("writes nothing outside: not through names, not through links of the archive or of the host", async () => {
    await expect(unpack([file("../out")])).rejects.toThrow("leads outside");
    const link = { header: { name: "way", size: 0, type: "symlink", linkname: ".." } } as const;
    await unpack([link, file("way/in")]).catch(() => undefined);
    await expect(stat(join(root, "../in"))).rejects.toThrow("ENOENT");
    await symlink(tmpdir(), join(root, "host"));
    await expect(unpack([file("host/tct-escaped")])).rejects.toThrow("symbolic link that leads out");
  });
});
