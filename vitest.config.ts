import process from "node:process";
import { spawnSync } from "node:child_process";
import { defineConfig } from "vitest/config";

/** Beside the code they test, but in need of an engine. */
const ON_ENGINES = "test/engine/**/*.real.test.ts";
/** A program that `npm test` installs where it can. */
const hasRegistry = spawnSync("docker-registry", ["--version"]).error === undefined;
/** Root, and the daemon's programs: for tests that stop an engine of their own. */
const canStartEngine =
  process.getuid?.() === 0 &&
  ["dockerd", "containerd"].every((program) => spawnSync(program, ["--version"]).error === undefined);

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/contract/**", "test/scenarios/**", ON_ENGINES],
          // For machines that do other things meanwhile.
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: "contract",
          include: ["test/contract/**/*.test.ts", ON_ENGINES],
          exclude: hasRegistry ? [] : ["test/engine/images/registry.real.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: "scenarios",
          include: ["test/scenarios/**/*.test.ts"],
          exclude: canStartEngine ? [] : ["test/scenarios/engine-restart/**"],
          testTimeout: 600_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
          // The order is the cheapest way to tell which of two scenarios upset the other.
          sequence: { concurrent: false },
        },
      },
    ],
  },
});
