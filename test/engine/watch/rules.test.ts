import { describe, expect, it } from "vitest";
import type { Service, WatchRule } from "../../../schema/model.ts";
import { compileRules, type RuleFacts, type WatchRuleSet } from "../../../engine/watch/rules.ts";

const FACTS: RuleFacts = {
  isFile: (path) => path.endsWith(".conf"),
  realPath: (path) => path.replace("/linked", "/p"),
  contextPatterns: [],
  contextDir: undefined,
};

function compile(
  rule: Partial<WatchRule>,
  service: Service = {},
  facts: Partial<RuleFacts> = {},
): WatchRuleSet {
  const watch: WatchRule = { path: "/p/src", action: "sync", target: "/app", ...rule };
  const [first] = compileRules("web", { ...service, develop: { watch: [watch] } }, { ...FACTS, ...facts });
  if (first === undefined) throw new Error("no rule");
  return first;
}

describe("watch rules", () => {
  it("covers what is below the root and nothing beside it", () => {
    const rule = compile({});
    expect(rule.covers("/p/src/a/b", false)).toBe(true);
    expect(rule.covers("/p/src2/a", false)).toBe(false);
    expect(rule.covers("/p", true)).toBe(false);
  });

  it("leaves out ignored paths, editors' traces and .git, and never enters ignored folders", () => {
    const rule = compile({ ignore: ["node_modules", "*.log", "!keep.log"] });
    expect(rule.covers("/p/src/node_modules/x/y", false)).toBe(false);
    expect(rule.excludes("/p/src/node_modules", true)).toBe(true);
    expect(rule.covers("/p/src/a.log", false)).toBe(false);
    expect(rule.covers("/p/src/keep.log", false)).toBe(true);
    const traces = ["4913", "x~", ".x.swp", ".#x", ".git/HEAD"];
    expect(traces.filter((trace) => rule.covers(`/p/src/${trace}`, false))).toEqual([]);
  });

  it("enters an ignored folder when an exception reaches into it", () => {
    const rule = compile({ ignore: ["build", "!build/keep"] });
    expect(rule.excludes("/p/src/build", true)).toBe(false);
    expect(rule.covers("/p/src/build/keep/x", false)).toBe(true);
    expect(rule.covers("/p/src/build/other", false)).toBe(false);
  });

  it("with include takes only what matches, and enters only folders that may hold it", () => {
    const rule = compile({ include: ["lib/**/*.js"] });
    expect(rule.covers("/p/src/lib/a/b.js", false)).toBe(true);
    expect(rule.covers("/p/src/lib/a/b.css", false)).toBe(false);
    expect(rule.excludes("/p/src/lib", true)).toBe(false);
    expect(rule.excludes("/p/src/doc", true)).toBe(true);
  });

  it("obeys the ignore file of the build context, relative to the context", () => {
    const rule = compile({}, {}, { contextDir: "/p", contextPatterns: ["src/generated", "*.md"] });
    expect(rule.covers("/p/src/generated/x", false)).toBe(false);
    expect(rule.covers("/p/src/readme.md", false)).toBe(true);
    // A file that a rule names is wanted all the same.
    const named = compile({ path: "/p/nginx.conf" }, {}, { contextDir: "/p", contextPatterns: ["*.conf"] });
    expect(named.covers("/p/nginx.conf", false)).toBe(true);
  });

  it.each([
    ["/p/src", "/app", "/p/src/a/b", "/app/a/b"],
    ["/p/src", "/app/", "/p/src/a", "/app/a"],
    ["/p/src", "/", "/p/src/a", "/a"],
    ["/p/web.conf", "/etc/web.conf", "/p/web.conf", "/etc/web.conf"],
    ["/p/web.conf", "/etc/conf.d/", "/p/web.conf", "/etc/conf.d/web.conf"],
  ])("of root %s and target %s sends %s to %s", (path, target, source, expected) => {
    expect(compile({ path, target }).toTarget(source)).toBe(expected);
  });

  it("watches the real path of a linked root", () => {
    expect(compile({ path: "/linked/src" }).root).toBe("/p/src");
  });

  it.each([
    ["/app", "/app", true],
    ["/app/lib", "/app", true],
    ["/app2", "/app", false],
    ["/x", "/", true],
  ])("a target %s under a bind mount at %s is bound: %s", (target, mount, isBound) => {
    const service: Service = { volumes: [{ type: "bind", source: "/p", target: mount }] };
    const rule = compile({ target }, service);
    expect([rule.target, rule.boundTargets]).toEqual(isBound ? [undefined, [target]] : [target, []]);
  });

  it("leaves out what a bind mount below the target shows", () => {
    const volumes = [
      { type: "bind" as const, source: "/p/data", target: "/app/data/" },
      { type: "volume" as const, source: "store", target: "/app/store" },
    ];
    const rule = compile({}, { volumes });
    expect(rule.boundTargets).toEqual(["/app/data"]);
    expect(
      ["data", "data/x", "database", "store/x"].map((path) => rule.covers(`/p/src/${path}`, false)),
    ).toEqual([false, false, true, true]);
    expect(rule.excludes("/p/src/data", true)).toBe(true);
  });
});
