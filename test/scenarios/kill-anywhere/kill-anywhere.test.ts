/**
 * The command dies at its n-th changing call, for every n: the call never reaches the engine (odd n), or its answer
 * never reaches the command (even n; TCOMPOSE_TEST_THOROUGH=1 does both for each n). The next run ends where an
 * undisturbed one does.
 */
import { expect } from "vitest";
import { removeProject } from "../../support/scenario/cleanup.ts";
import { projectState } from "../../support/scenario/final-state.ts";
import { isChange, type Fault } from "../../support/scenario/recorder.ts";
import { scenario, type Scenario } from "../../support/scenario/scenario.ts";

const THOROUGH = process.env["TCOMPOSE_TEST_THOROUGH"] === "1";
/** More than any of these runs takes: a run that never ends by itself is an error. */
const MOST_CALLS = 60;

interface Transition {
  readonly name: string;
  /** What the stack file says before, as a change of the text. */
  readonly from?: (text: string) => string;
  readonly to?: (text: string) => string;
  readonly command?: readonly string[];
}

const same = (text: string): string => text;
const version = (text: string): string => text.replaceAll('VERSION: "1"', 'VERSION: "2"');
const scaled = (text: string): string => text.replace("scale: 1", "scale: 3");
const relabelled = (text: string): string => text.replace('of: "1"', 'of: "2"');

const transitions: readonly Transition[] = [
  { name: "the first up" },
  { name: "a recreate", from: same, to: version },
  { name: "scaling up", from: same, to: scaled },
  { name: "scaling down", from: scaled, to: same },
  { name: "a changed network", from: same, to: relabelled },
  { name: "down", from: same, command: ["down"] },
];

for (const { name, from, to = same, command = ["up", "-d"] } of transitions) {
  scenario(`${name}, killed at any call, is finished by the next run`, import.meta.filename, async (s) => {
    const text = await s.stack.read("compose.yaml");
    const prepare = async (): Promise<void> => {
      if (from === undefined) await removeProject(s.project);
      else {
        await s.stack.write("compose.yaml", from(text));
        await s.cli.ok("up", "-d");
      }
      await s.stack.write("compose.yaml", to(text));
    };
    const settled = async (): Promise<unknown> => {
      if ((await s.engine.containers()).some(({ service }) => service === "job")) {
        await s.engine.exitCode("job-1");
      }
      return projectState(s.engine);
    };
    await prepare();
    await s.cli.ok(...command);
    const wanted = await settled();
    let wasHit = true;
    let calls = 0;
    for (let moment = 1; wasHit; moment += 1) {
      expect(moment).toBeLessThan(MOST_CALLS);
      const odd = moment % 2 === 1;
      const kinds: Fault["type"][] = THOROUGH
        ? ["lose-request", "lose-answer"]
        : [odd ? "lose-request" : "lose-answer"];
      for (const type of kinds) {
        await prepare();
        wasHit = await killAt(s, command, moment, { type } as Fault);
        await s.cli.ok(...command);
        expect(await settled(), `${type} at call ${moment}`).toEqual(wanted);
        if (command[0] === "up") expect((await s.cli.run("plan", "--exit-code")).code).toBe(0);
      }
      calls = moment - 1;
    }
    expect(calls).toBeGreaterThan(2);
  });
}

/** @returns whether the run got as far as this call */
async function killAt(
  s: Scenario,
  command: readonly string[],
  moment: number,
  fault: Fault,
): Promise<boolean> {
  let changes = 0;
  let kill = (): void => {};
  const recorder = await s.record({
    fault: (call) => {
      if (!isChange(call)) return undefined;
      changes += 1;
      return changes === moment ? fault : undefined;
    },
    lost: () => kill(),
  });
  const running = s.cli.with({ DOCKER_HOST: recorder.endpoint }).start(...command);
  kill = () => running.kill("SIGKILL");
  await running.finished;
  await recorder.close();
  return changes >= moment;
}
