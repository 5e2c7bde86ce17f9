import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";

interface LockFile {
  readonly packages: Readonly<
    Record<string, { readonly optionalDependencies?: Readonly<Record<string, string>> } | undefined>
  >;
}

const top = resolve(import.meta.dirname, "../..");

describe("the lock file", () => {
  it.each([".", "examples/guestbook/api"])("%s: has the optional packages of every platform", (folder) => {
    const { packages } = JSON.parse(readFileSync(join(top, folder, "package-lock.json"), "utf8")) as LockFile;
    const missing = Object.entries(packages).flatMap(([path, entry]) =>
      Object.keys(entry?.optionalDependencies ?? {}).filter(
        (name) =>
          packages[`node_modules/${name}`] === undefined &&
          packages[`${path}/node_modules/${name}`] === undefined,
      ),
    );
    // `npm ci` refuses a lock file without them, and npm leaves them out where the registry does not have them.
    expect(missing).toEqual([]);
  });
});
