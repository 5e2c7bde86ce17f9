import { describe, expect, it } from "vitest";
import { readContents } from "../../../engine/desired/contents.ts";
import { maskValue, secretDigest } from "../../../engine/desired/secret.ts";
import { sha256 } from "../../../engine/hash.ts";
import { stackOf } from "../plan/support.ts";

const bytes = Buffer.from("hunter2");

describe("digests of secrets", () => {
  it("are the same in each run, without any state", async () => {
    expect(await secretDigest("app", "token", bytes)).toBe(await secretDigest("app", "token", bytes));
    expect(maskValue("app/web", "TOKEN", "hunter2")).toBe(maskValue("app/web", "TOKEN", "hunter2"));
  });

  it("do not tell that two places hold the same secret", async () => {
    const digests = await Promise.all([
      secretDigest("app", "token", bytes),
      secretDigest("app", "other", bytes),
      secretDigest("shop", "token", bytes),
    ]);
    expect(new Set(digests).size).toBe(3);
    const masked = [
      maskValue("app/web", "A", "x"),
      maskValue("app/db", "A", "x"),
      maskValue("app/web", "B", "x"),
    ];
    expect(new Set(masked).size).toBe(3);
  });

  it("are no plain hash of the content, which a list of common passwords would undo", async () => {
    const text = "services: { a: { image: busybox, secrets: [s] } }\nsecrets: { s: { file: /s } }";
    const contents = await readContents(stackOf(text, { "/s": "hunter2" }), () => Promise.resolve(bytes));
    expect(contents.secrets["s"]).toMatch(/^scrypt:[0-9a-f]{32}$/);
    expect(contents.secrets["s"]).not.toContain(sha256(bytes).slice(0, 16));
  });
});
