import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { didYouMean, editDistance, suggest } from "../../schema/suggest.ts";

const KEYS = [
  "image",
  "build",
  "ports",
  "environment",
  "env_file",
  "depends_on",
  "container_name",
  "network_mode",
  "networks",
  "restart",
  "tty",
  "dns",
  "user",
];

describe("suggest", () => {
  it.each([
    ["imge", "image"],
    ["iamge", "image"],
    ["Image", "image"],
    ["port", "ports"],
    ["enviroment", "environment"],
    ["depends-on", "depends_on"],
    ["dependsOn", "depends_on"],
    ["containername", "container_name"],
    ["network", "networks"],
    ["envfile", "env_file"],
    ["usr", "user"],
  ])("finds the key behind %s", (word, key) => {
    expect(suggest(word, KEYS)).toBe(key);
  });

  it.each(["", "zzz", "kubernetes", "foo", "x", "a".repeat(1000)])("stays silent on %j", (word) => {
    expect(suggest(word, KEYS)).toBeUndefined();
  });

  it("words the hint", () => {
    expect(didYouMean("imge", KEYS)).toBe('did you mean "image"?');
    expect(didYouMean("foo", KEYS)).toBeUndefined();
  });

  it("never offers the word itself or a word that is no candidate", () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 20 }),
        fc.array(fc.string({ maxLength: 20 })),
        (word, candidates) => {
          const found = suggest(word, candidates);
          if (found === undefined) return;
          expect(found).not.toBe(word);
          expect(candidates).toContain(found);
        },
      ),
    );
  });
});

describe("editDistance", () => {
  it("is a distance", () => {
    const word = fc.string({ maxLength: 12 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b) === 0).toBe(a === b);
        expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
  });

  it("counts a swap as one mistake", () => {
    expect(editDistance("iamge", "image")).toBe(1);
  });
});
