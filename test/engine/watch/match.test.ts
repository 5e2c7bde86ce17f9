import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createMatcher, parseIgnoreFile, type DirectoryState } from "../../../engine/watch/match.ts";

/** Patterns (space separated), path, covered? */
const CASES: readonly (readonly [string, string, boolean])[] = [
  ["**", "file", true],
  ["**", "dir/file", true],
  ["**/", "dir/file", true],
  ["**/**", "dir/file", true],
  ["dir/**", "dir/file", true],
  ["dir/**", "dir/dir2/file", true],
  ["dir/**", "dir", false],
  ["dir/**", "dir2/file", false],
  ["**/dir", "dir", true],
  ["**/dir", "dir/file", true],
  ["**/dir2/*", "dir/dir2/file", true],
  ["**/dir2/*", "dir/dir2/dir2/file", true],
  ["**/dir2/**", "dir/dir2/dir2/file", true],
  ["**file", "dir/file", true],
  ["**file", "dir/dirfile", true],
  ["**/file", "dirfile", false],
  ["**/f*", "dir/dir/file", true],
  ["a**", "abc/d", true],
  ["a**/*.txt", "abc/d.txt", true],
  ["a/*/b", "a/x/b", true],
  ["a/*/b", "a/x/y/b", false],
  ["*.txt", "a.txt", true],
  ["*.txt", "dir/a.txt", false],
  ["?", "ab", false],
  ["a?c", "abc", true],
  ["a?c", "a/c", false],
  ["[a-c]x", "bx", true],
  ["[^a-c]x", "bx", false],
  ["a\\*", "a*", true],
  ["a\\*", "ab", false],
  ["a.b", "axb", false],
  ["a(b)|{c}$", "a(b)|{c}$", true],
  ["dir/", "dir", true],
  ["dir/", "dir/deep/file", true],
  ["./dir/../file", "file", true],
  ["di", "dir", false],
  ["* !file", "file", false],
  ["* !dir/file", "dir/file", false],
  ["* !dir/file", "dir/other", true],
  ["* !**/keep", "a/b/keep", false],
  ["dir !dir/sub", "dir/sub/deep/file", false],
  ["dir !dir/sub dir/sub/deep", "dir/sub/deep/file", true],
  ["!file *", "file", true],
  ["**/*.md !README.md", "README.md", false],
  ["**/*.md !README.md", "docs/README.md", true],
  ["!.git .git", ".git/HEAD", true],
  ["ünï/*.tßt", "ünï/a.tßt", true],
  ["?x", "😀x", true],
];

describe("createMatcher", () => {
  it.each(CASES)("%s on %s: %s", (patterns, path, expected) => {
    expect(createMatcher(patterns.split(" ")).matches(path)).toBe(expected);
  });

  it("names patterns that are not valid and goes on with the others", () => {
    const matcher = createMatcher(["[", "a\\", "!", "[]a]", "[a-]", "ok"]);
    expect(matcher.problems.map((problem) => problem.pattern)).toEqual(["[", "a\\", "!", "[]a]", "[a-]"]);
    expect(matcher.matches("ok")).toBe(true);
  });

  it("refuses a letter behind a backslash that means nothing to the engine, such as in paths of Windows", () => {
    const sources = ["build\\x", "out\\php", "a\\1", "a\\x41", "\\a", "a\\d", "a\\*", "\\#a", "a\\-\\é"];
    const { problems } = createMatcher(sources);
    expect(problems.map(({ pattern }) => pattern)).toEqual(["build\\x", "out\\php", "a\\1"]);
    expect(createMatcher(["\\a"]).matches("a")).toBe(false);
    expect(problems[0]?.message).toContain('separated by "/"');
  });
});

const name = fc.constantFrom("a", "b", "c", "ab");
const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/"));
const part = fc.constantFrom("a", "b", "c", "ab", "*", "**", "?", "a*", "[ab]");
const pattern = fc
  .tuple(fc.boolean(), fc.array(part, { minLength: 1, maxLength: 4 }))
  .map(([isException, parts]) => (isException ? "!" : "") + parts.join("/"));

describe("laws of the matcher", () => {
  it("a walk that hands states down agrees with single questions", () => {
    fc.assert(
      fc.property(fc.array(pattern, { maxLength: 5 }), path, (patterns, file) => {
        const matcher = createMatcher(patterns);
        let state: DirectoryState | undefined;
        for (const ancestor of ancestors(file)) state = matcher.step(ancestor, state);
        expect(state?.matched).toBe(matcher.matches(file));
      }),
    );
  });

  it("nothing is lost by not entering a covered directory without possible exceptions", () => {
    fc.assert(
      fc.property(fc.array(pattern, { maxLength: 5 }), path, (patterns, file) => {
        const matcher = createMatcher(patterns);
        const skipped = ancestors(file)
          .slice(0, -1)
          .some((directory) => matcher.matches(directory) && !matcher.mayExceptBelow(directory));
        if (skipped) expect(matcher.matches(file)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it("nothing is found below a directory that nothing reaches into", () => {
    fc.assert(
      fc.property(fc.array(pattern, { maxLength: 5 }), path, (patterns, file) => {
        const matcher = createMatcher(patterns);
        const unreachable = ancestors(file)
          .slice(0, -1)
          .some((directory) => !matcher.matches(directory) && !matcher.mayMatchBelow(directory));
        const above = ancestors(file)
          .slice(0, -1)
          .some((directory) => matcher.matches(directory));
        if (unreachable && !above) expect(matcher.matches(file)).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("parseIgnoreFile", () => {
  it("reads one pattern a line, without comments, blanks and leading slashes", () => {
    const text = "\uFEFF# comment\r\nnode_modules/\r\n\n  /dist  \n! /keep/me\n #not-a-comment\n.\n";
    expect(parseIgnoreFile(text)).toEqual(["node_modules", "dist", "!keep/me", "#not-a-comment", "."]);
  });
});

function ancestors(file: string): readonly string[] {
  const parts = file.split("/");
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}
