import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync, chmodSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { unpackTar } from "modern-tar";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { contextTar, header } from "../../../engine/build/tar.ts";
import { createMatcher } from "../../../engine/watch/match.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "tcompose-tar-"));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

function write(path: string, text: string | Buffer): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

async function pack(patterns: readonly string[], extra: Parameters<typeof contextTar>[1] = []) {
  const chunks: Buffer[] = [];
  const signal = new AbortController().signal;
  for await (const chunk of contextTar({ root, excludes: createMatcher(patterns), signal }, extra)) {
    chunks.push(chunk as Buffer);
  }
  return unpackTar(Buffer.concat(chunks));
}

describe("contextTar", () => {
  it("holds files, directories and links with their modes, and extra files instead of their namesakes", async () => {
    write("bin/run", "#!");
    chmodSync(join(root, "bin/run"), 0o750);
    write("Dockerfile", "own");
    write("gone/x", "");
    symlinkSync("../nowhere", join(root, "dangling"));
    const entries = await pack(["gone"], [{ path: "Dockerfile", content: Buffer.from("replaced") }]);
    const seen = entries.map(({ header: h, data }) => [
      h.name,
      h.type,
      (h.mode ?? 0) & 0o777,
      h.linkname,
      text(data),
    ]);
    expect(seen).toEqual([
      ["bin/", "directory", expect.any(Number), expect.anything(), ""],
      ["bin/run", "file", 0o750, expect.anything(), "#!"],
      ["dangling", "symlink", expect.any(Number), "../nowhere", ""],
      ["Dockerfile", "file", 0o644, expect.anything(), "replaced"],
    ]);
  });

  it("fails with the file that cannot be read", async () => {
    if (process.getuid?.() === 0) {
      rmSync(root, { recursive: true });
      await expect(pack([])).rejects.toThrow(`the build context ${root} does not exist`);
      mkdirSync(root);
      return;
    }
    write("secret", "x");
    chmodSync(join(root, "secret"), 0);
    await expect(pack([])).rejects.toThrow(/cannot read .*secret for the build: permission denied/);
  });

  it("keeps names, links, sizes and times of any form", async () => {
    const name = fc
      .string({ minLength: 1, maxLength: 140, unit: "grapheme" })
      .filter((s) => !/[\0\\]/.test(s));
    await fc.assert(
      fc.asyncProperty(
        name,
        name,
        fc.nat(0o7777),
        fc.nat(2 ** 31),
        async (path, linkTarget, permissions, seconds) => {
          const clean = path.replace(/^\/+|\/+$/g, "") || "x";
          const entry = {
            path: clean,
            kind: "symlink",
            permissions,
            size: 0,
            mtimeMs: seconds * 1000,
            linkTarget,
          } as const;
          const [unpacked] = await unpackTar(Buffer.concat([header(entry), Buffer.alloc(1024)]));
          expect(unpacked?.header.name).toBe(clean);
          expect(unpacked?.header.linkname).toBe(linkTarget);
          expect(unpacked?.header.mode).toBe(permissions);
          expect(unpacked?.header.mtime?.getTime()).toBe(seconds * 1000);
        },
      ),
      { numRuns: 200 },
    );
  });
});

function text(data: Uint8Array | undefined): string {
  return data === undefined ? "" : Buffer.from(data).toString();
}
