import { describe, expect, it } from "vitest";
import { planPulls, type PullsPolicy } from "../../../engine/plan/pulls.ts";
import { stackOf } from "./support.ts";

const STACK = stackOf(`services:
  plain: { image: a:1 }
  twin: { image: a:1, scale: 0 }
  never: { image: b:1, pull_policy: never }
  build: { image: c:1, build: ., pull_policy: build }
  missing: { image: d:1, pull_policy: missing }
  moving: { image: e, pull_policy: missing }
  daily: { image: f:1, pull_policy: daily }
  built: { image: g:1, build: . }
  nameless: { build: . }
`);

function pulls(policy: PullsPolicy, present: readonly string[] = []): string[] {
  const { operations } = planPulls(STACK, (image) => present.includes(image), policy);
  return operations.map(({ resource, bestEffort }) => `${resource.name}${bestEffort === true ? "?" : ""}`);
}

describe("a plan of pulls", () => {
  it("asks for everything that has an image and may be pulled, each once", () => {
    expect(pulls({})).toEqual(["a:1", "d:1", "e", "f:1", "g:1?"]);
  });

  it("leaves what is there where a service wants the missing only, but never `latest`", () => {
    expect(pulls({}, ["a:1", "d:1", "e", "f:1"])).toEqual(["a:1", "e", "f:1", "g:1?"]);
    expect(pulls({ policy: "missing" }, ["a:1", "d:1", "e", "f:1"])).toEqual(["b:1", "c:1?", "e", "g:1?"]);
    expect(pulls({ policy: "always" })).toEqual(["a:1", "b:1", "c:1?", "d:1", "e", "f:1", "g:1?"]);
  });

  it("leaves out what can be built, and takes no failure seriously, where asked", () => {
    expect(pulls({ ignoreBuildable: true })).toEqual(["a:1", "d:1", "e", "f:1"]);
    expect(pulls({ ignoreFailures: true })).toEqual(["a:1?", "d:1?", "e?", "f:1?", "g:1?"]);
  });
});
