/** The engine itself stops, dies or has no room in the middle of a run: told, and finished by the next run. */
import { afterAll, describe, expect } from "vitest";
import { PrivateEngine } from "../../support/private-engine.ts";
import type { Scenario } from "../../support/scenario/scenario.ts";

const engine = await PrivateEngine.open("64m");
afterAll(() => engine.close());
// The engine under test of this file, read when the modules load.
process.env["TCOMPOSE_TEST_ENGINE"] = engine.endpoint;
const { scenario } = await import("../../support/scenario/scenario.ts");
const { projectState } = await import("../../support/scenario/final-state.ts");
const { isChange } = await import("../../support/scenario/recorder.ts");

const wanted = async (s: Scenario): Promise<unknown> => {
  await s.cli.ok("up", "-d", "--wait");
  await s.engine.exitCode("job-1");
  const state = await projectState(s.engine);
  await s.cli.ok("down", "-v");
  return state;
};

/** Runs `up`; when the n-th changing call arrives, `happen` happens, and the call waits for it. */
const upWhile = async (s: Scenario, moment: number, happen: () => Promise<void>) => {
  let changes = 0;
  let ended: Promise<void> | undefined;
  const recorder = await s.record({
    onCall: (call, stage) => {
      if (stage === "before" && isChange(call) && (changes += 1) === moment) ended = happen();
    },
  });
  const result = await s.cli.with({ DOCKER_HOST: recorder.endpoint }).run("up", "-d", "--wait");
  await ended;
  expect(changes).toBeGreaterThanOrEqual(moment);
  await recorder.close();
  return result;
};

describe("an engine that goes away", () => {
  for (const moment of [2, 6, 9]) {
    scenario(
      `killed at change ${moment} of up is told, and the next run ends the work`,
      import.meta.filename,
      async (s) => {
        const whole = await wanted(s);
        const failed = await upWhile(s, moment, () => engine.stop("SIGKILL"));
        await engine.start();
        expect(failed.code).toBe(1);
        expect(failed.stderr).toMatch(/engine|connection/i);
        expect(failed.stderr).not.toMatch(/this is a bug|at .*\.js:\d/);
        await s.cli.ok("up", "-d", "--wait");
        await s.engine.exitCode("job-1");
        expect(await projectState(s.engine)).toEqual(whole);
      },
    );
  }

  scenario("restarted while a recreate is under way, with nothing lost", import.meta.filename, async (s) => {
    await s.cli.ok("up", "-d", "--wait");
    await s.stack.write(
      "compose.yaml",
      (await s.stack.read("compose.yaml")).replaceAll('VERSION: "1"', 'VERSION: "2"'),
    );
    const failed = await upWhile(s, 3, async () => {
      await engine.stop("SIGTERM");
      await engine.start();
    });
    expect(failed.code).toBe(1);
    await s.cli.ok("up", "-d", "--wait");
    const containers = await s.engine.containers();
    expect(containers.map(({ name }) => name.replace(`${s.project}-`, ""))).toEqual([
      "db-1",
      "job-1",
      "web-1",
      "web-2",
    ]);
    expect(containers.filter(({ env }) => env["VERSION"] === "2")).toHaveLength(3);
  });
});

describe("an engine without room", () => {
  scenario("is told with what is full, and the next run ends the work", import.meta.filename, async (s) => {
    const whole = await wanted(s);
    await engine.fillDisk();
    const failed = await s.cli.run("up", "-d", "--wait");
    await engine.freeDisk();
    expect(failed.code).toBe(1);
    expect(failed.stderr).toMatch(/no space left on device/);
    await s.cli.ok("up", "-d", "--wait");
    await s.engine.exitCode("job-1");
    expect(await projectState(s.engine)).toEqual(whole);
  });
});
