import { describe, expect, it } from "vitest";
import { attachedServices, watchedServices } from "../../cli/attach-set.ts";
import type { Stack } from "../../schema/model.ts";

const stack = { services: { db: {}, web: {}, noisy: { attach: false } } } as unknown as Stack;

describe("attachedServices", () => {
  it("shows everything but what says attach: false", () => {
    expect(attachedServices(stack, {}, [])).toEqual(["db", "web"]);
  });

  it("shows the named services, and with them their dependencies when asked", () => {
    expect(attachedServices(stack, {}, ["web"])).toEqual(["web"]);
    expect(attachedServices(stack, { attachDependencies: true }, ["web"])).toEqual(["db", "web"]);
  });

  it("obeys --attach and --no-attach, and refuses names that do not exist", () => {
    expect(attachedServices(stack, { attach: ["noisy"] }, [])).toEqual(["noisy"]);
    expect(attachedServices(stack, { noAttach: ["db"] }, [])).toEqual(["web"]);
    expect(() => attachedServices(stack, { attach: ["wbe"] }, [])).toThrow(/wbe/);
  });
});

describe("watchedServices", () => {
  it("watches what is named or shown, and whoever decides the exit code", () => {
    expect(watchedServices(stack, {}, ["web"])).toEqual(["web"]);
    expect(watchedServices(stack, { exitCodeFrom: "noisy" }, [])).toEqual(["db", "web", "noisy"]);
    expect(watchedServices(stack, { noAttach: ["db", "web"] }, [])).toEqual(["db", "web", "noisy"]);
  });
});
