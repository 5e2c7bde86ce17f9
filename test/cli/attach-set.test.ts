import { describe, expect, it } from "vitest";
import { attachedServices, checkAttachFlags, watchedServices } from "../../cli/attach-set.ts";
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

  it("obeys --attach and --no-attach", () => {
    expect(attachedServices(stack, { attach: ["noisy"] }, [])).toEqual(["noisy"]);
    expect(attachedServices(stack, { noAttach: ["db"] }, [])).toEqual(["web"]);
  });
});

describe("watchedServices", () => {
  it("watches what is named or shown, and whoever decides the exit code", () => {
    expect(watchedServices(stack, {}, ["web"])).toEqual(["web"]);
    expect(watchedServices(stack, { exitCodeFrom: "noisy" }, [])).toEqual(["db", "web", "noisy"]);
    expect(watchedServices(stack, { attach: ["web"] }, [])).toEqual(["web"]);
    expect(watchedServices(stack, { attach: ["web"], abortOnContainerExit: true }, [])).toEqual([
      "db",
      "web",
      "noisy",
    ]);
    expect(watchedServices(stack, { noAttach: ["db", "web"] }, [])).toEqual(["db", "web", "noisy"]);
  });
});

describe("checkAttachFlags", () => {
  it("refuses names that do not exist", () => {
    expect(() => checkAttachFlags(stack, { attach: ["wbe"] })).toThrow(/wbe/);
    expect(() => checkAttachFlags(stack, { noAttach: ["wbe"] })).toThrow(/wbe/);
    expect(() => checkAttachFlags(stack, { exitCodeFrom: "wbe" })).toThrow(/wbe/);
    expect(() => checkAttachFlags(stack, { exitCodeFrom: "web" })).not.toThrow();
  });
});
