import { describe, expect, it } from "vitest";
import { checkPlanningFlags, parseScale, policyOf } from "../../cli/up-flags.ts";

describe("policyOf", () => {
  it("is the planner's default without flags", () => {
    expect(policyOf({}, [], {})).toMatchObject({
      recreate: "diverged",
      recreateDependencies: "diverged",
      wait: false,
    });
    expect(policyOf({}, [], {})).not.toHaveProperty("build");
  });

  it.each([
    [{ forceRecreate: true }, { recreate: "force", recreateDependencies: "diverged" }],
    [{ renewAnonVolumes: true }, { recreate: "force", renewAnonymousVolumes: true }],
    [{ recreate: false }, { recreate: "never", recreateDependencies: "never" }],
    [{ alwaysRecreateDeps: true }, { recreate: "diverged", recreateDependencies: "force" }],
    [{ build: true }, { build: "always" }],
    [{ build: false }, { build: "never" }],
    [
      { wait: true, waitTimeout: 5 },
      { wait: true, waitTimeoutMs: 5000 },
    ],
    [{ timeout: 0 }, { timeoutSeconds: 0 }],
    [{ start: false }, { noStart: true }],
  ])("maps %o", (flags, policy) => expect(policyOf(flags, [], {})).toMatchObject(policy));

  it("takes the orphan variables, and refuses them with the opposite flag", () => {
    expect(policyOf({}, [], { COMPOSE_REMOVE_ORPHANS: "1" }).removeOrphans).toBe(true);
    expect(policyOf({}, [], { COMPOSE_IGNORE_ORPHANS: "true" }).ignoreOrphans).toBe(true);
    expect(() => policyOf({ removeOrphans: true }, [], { COMPOSE_IGNORE_ORPHANS: "true" })).toThrow(
      /contradict/,
    );
  });
});

describe("checkPlanningFlags", () => {
  it("refuses what contradicts itself", () => {
    expect(() => checkPlanningFlags({}, ["up", "--build", "--no-build"])).toThrow(/--build and --no-build/);
    expect(() => checkPlanningFlags({}, ["up", "--no-recreate", "-V"])).toThrow(/contradict/);
    expect(() => checkPlanningFlags({}, ["up", "--build", "--force-recreate"])).not.toThrow();
  });
});

describe("parseScale", () => {
  it("reads pairs, and says what is wrong with others", () => {
    expect(parseScale(["web=3", "db=0"])).toEqual({ web: 3, db: 0 });
    for (const bad of ["web", "web=", "web=x", "=3", "web=-1"])
      expect(() => parseScale([bad])).toThrow(/is no scale/);
  });
});
