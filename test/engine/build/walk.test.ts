import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { walkContext } from "../../../engine/build/walk.ts";
import { createMatcher } from "../../../engine/watch/match.ts";

describe("names that are no text", () => {
  let root = "";
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "tcompose-walk-"));
    writeFileSync(join(root, "good"), "");
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const bytes = (text: string): Buffer =>
    Buffer.concat([Buffer.from(`${root}/${text}`), Buffer.from([0xff])]);
  const list = async (excludes: readonly string[] = []): Promise<readonly string[]> => {
    const paths: string[] = [];
    const signal = new AbortController().signal;
    for await (const batch of walkContext({ root, excludes: createMatcher(excludes), signal }))
      paths.push(...batch.map(({ path }) => path));
    return paths;
  };

  it("are refused, never left out in silence", async () => {
    writeFileSync(bytes("bad"), "");
    await expect(list()).rejects.toMatchObject({
      message: expect.stringMatching(
        /cannot send .*bad\uFFFD to the builder: its name is not valid UTF-8/,
      ) as string,
      hint: expect.stringContaining(".dockerignore") as string,
    });
    expect(await list(["bad*"])).toEqual(["good"]);
  });

  it("are refused as targets of links too, unlike the sign that stands for them", async () => {
    symlinkSync("\uFFFD", join(root, "odd"));
    writeFileSync(join(root, "\uFFFD"), "");
    expect(await list()).toEqual(["good", "odd", "\uFFFD"]);
    symlinkSync(Buffer.from([0x74, 0xff]), join(root, "link"));
    await expect(list()).rejects.toMatchObject({
      message: expect.stringContaining("what it links to is not valid UTF-8") as string,
    });
  });
});
