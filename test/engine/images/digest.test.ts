import { describe, expect, it } from "vitest";
import { anonymous } from "../../../engine/images/auth.ts";
import { pinImages } from "../../../engine/images/digest.ts";
import { FakeEngine } from "../../support/fake-engine/fake-engine.ts";

const DIGEST = `sha256:${"a".repeat(64)}`;
const context = { credentials: anonymous, signal: new AbortController().signal };

describe("images pinned to what registries say", () => {
  it("writes names in full, looks one image up once, and leaves digests alone", async () => {
    const fake = new FakeEngine();
    fake.publishImage("nginx:1");
    fake.publishImage("reg.example:5000/team/app", { content: "two" });
    const pinned = await pinImages(
      fake,
      ["nginx:1", "nginx:1", "reg.example:5000/team/app", `redis:7@${DIGEST}`],
      context,
    );
    expect(pinned.get("nginx:1")).toMatch(/^docker\.io\/library\/nginx:1@sha256:[0-9a-f]{64}$/);
    expect(pinned.get("reg.example:5000/team/app")).toMatch(
      /^reg\.example:5000\/team\/app:latest@sha256:[0-9a-f]{64}$/,
    );
    expect(pinned.get(`redis:7@${DIGEST}`)).toBe(`docker.io/library/redis@${DIGEST}`);
    expect(fake.calls.filter(({ method }) => method === "imageDigest")).toHaveLength(2);
  });

  it("says which image has none, and what to do", async () => {
    await expect(pinImages(new FakeEngine(), ["team/none:1"], context)).rejects.toMatchObject({
      message: "cannot find the digest of team/none:1: manifest unknown: manifest unknown",
      hint: "check the name and the tag",
    });
  });
});
