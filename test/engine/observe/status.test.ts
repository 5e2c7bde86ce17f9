import { describe, expect, it } from "vitest";
import { parseExitCode, parseHealth } from "../../../engine/observe/status.ts";

describe("the status text of the engine", () => {
  it.each([
    ["Up 3 minutes (healthy)", "healthy"],
    ["Up 3 minutes ago (healthy)", "healthy"],
    ["Up 2 seconds (health: starting)", "starting"],
    ["Up 2 seconds (unhealthy)", "unhealthy"],
    ["Up 2 seconds (Paused)", "none"],
    ["Exited (0) 2 minutes ago", "none"],
  ])("%s", (status, health) => expect(parseHealth(status)).toBe(health));

  it("tells the exit code", () => {
    expect(parseExitCode("Exited (137) 2 minutes ago")).toBe(137);
    expect(parseExitCode("Exited (0) Less than a second ago")).toBe(0);
    expect(parseExitCode("Up 2 seconds")).toBeUndefined();
  });
});
