import { expect } from "vitest";
import { scenario } from "../../support/scenario/scenario.ts";

scenario(
  "without an engine, the error says what was tried and what to do",
  import.meta.filename,
  async (s) => {
    const socket = s.stack.path("nobody-here.sock");
    const result = await s.cli.with({ DOCKER_HOST: `unix://${socket}` }).run("up", "-d");
    expect(result.code).toBeGreaterThan(0);
    expect(result.stderr).toContain(socket);
    expect(result.stderr).toContain("DOCKER_HOST");
    expect(result.stderr).not.toMatch(/\bat .*\.js:\d+/);
  },
);
