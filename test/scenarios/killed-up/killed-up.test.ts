import { expect } from "vitest";
import { removeProject } from "../../support/scenario/cleanup.ts";
import { finalState } from "../../support/scenario/final-state.ts";
import { scenario, type Scenario } from "../../support/scenario/scenario.ts";

const SEED = 20_261_123;
const ROUNDS = 34;
/** More than the calls of one run: such a moment never comes, and the run ends by itself. */
const LAST_CALL = 26;

/** mulberry32: the same moments in every run. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Runs `up` and kills it at its n-th changing call: before the engine sees it, or as soon as it has answered. */
async function killUpAt(s: Scenario, moment: number, stage: "before" | "after"): Promise<void> {
  let changes = 0;
  let kill = (): void => {};
  const recorder = await s.record({
    onCall: ({ method }, at) => {
      if (at !== stage || method === "GET" || method === "HEAD") return;
      changes += 1;
      if (changes === moment) kill();
    },
  });
  const up = s.cli.with({ DOCKER_HOST: recorder.endpoint }).start("up", "-d");
  kill = () => up.kill("SIGKILL");
  await up.finished;
}

for (const [from, starts] of [
  ["nothing", "an empty engine"],
  ["older", "a stack that has to be recreated"],
] as const) {
  scenario(`a killed up over ${starts} is finished by the next one`, import.meta.filename, async (s) => {
    const random = randomNumbers(SEED + from.length);
    const older = await s.stack.read("compose.yaml");
    const newer = older.replaceAll('VERSION: "1"', 'VERSION: "2"');
    await s.stack.write("compose.yaml", newer);
    await s.cli.ok("up", "-d");
    const wanted = finalState(await s.engine.containers());
    const everything = async (): Promise<unknown> => ({
      containers: finalState(await s.engine.containers()),
      networks: await s.engine.networks(),
      volumes: await s.engine.volumes(),
    });
    for (let round = 0; round < ROUNDS / 2; round += 1) {
      await removeProject(s.project);
      if (from === "older") {
        await s.stack.write("compose.yaml", older);
        await s.cli.ok("up", "-d");
        await s.stack.write("compose.yaml", newer);
      }
      const moment = 1 + Math.floor(random() * LAST_CALL);
      const stage = random() < 0.5 ? "before" : "after";
      await killUpAt(s, moment, stage);
      await s.cli.ok("up", "-d");
      expect(await everything(), `killed ${stage} change ${moment}`).toEqual({
        containers: wanted,
        networks: ["default", "front"],
        volumes: ["data"],
      });
      const events = await s.engine.eventsDuring(() => s.cli.ok("up", "-d"));
      expect(events, `after a kill ${stage} change ${moment}`).toEqual([]);
    }
  });
}
