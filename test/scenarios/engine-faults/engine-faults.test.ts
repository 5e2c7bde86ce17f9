/** The engine fails or goes away in the middle: the command says so and ends, and the next one finishes the work. */
import { expect } from "vitest";
import { projectState } from "../../support/scenario/final-state.ts";
import { isChange, type Call, type Fault } from "../../support/scenario/recorder.ts";
import { scenario, type Scenario } from "../../support/scenario/scenario.ts";

interface Case {
  readonly name: string;
  readonly at: (call: Call) => boolean;
  readonly fault: Fault;
  readonly message: RegExp;
}

const creates = ({ path }: Call): boolean => path.startsWith("/containers/create");
const full = "mkdir /var/lib/docker/overlay2/abc: no space left on device";

const cases: readonly Case[] = [
  {
    name: "an answer 500 to a create",
    at: creates,
    fault: { type: "answer", status: 500, message: "the engine stumbled" },
    message: /the engine stumbled/,
  },
  {
    name: "an answer 500 to a start",
    at: ({ path }) => path.endsWith("/start"),
    fault: { type: "answer", status: 500, message: "cannot start a shim task" },
    message: /cannot start a shim task/,
  },
  {
    name: "a full disk",
    at: creates,
    fault: { type: "answer", status: 500, message: full },
    message: /no space left on device/,
  },
  {
    name: "a connection that breaks before the engine saw the call",
    at: creates,
    fault: { type: "lose-request" },
    message: /connection|answer|reach/i,
  },
  {
    name: "a connection that breaks before the answer",
    at: creates,
    fault: { type: "lose-answer" },
    message: /connection|answer|reach/i,
  },
];

for (const { name, at, fault, message } of cases) {
  scenario(`${name} is told, and the next up finishes the work`, import.meta.filename, async (s) => {
    await s.cli.ok("up", "-d");
    await s.engine.exitCode("job-1");
    const before = await s.engine.containers();
    const text = await s.stack.read("compose.yaml");
    await s.stack.write("compose.yaml", text.replace(/VERSION: "1"(?= }\n    depends_on)/, 'VERSION: "2"'));

    const failed = await upWithFault(s, at, fault);
    expect(failed.code).toBe(1);
    expect(failed.stderr).toMatch(message);
    expect(failed.stderr).not.toMatch(/bug|stack trace|at .*\.js:\d/);
    if (at === creates) {
      // The replacement never came to be, so what was there runs on.
      const web = before.find(({ service }) => service === "web");
      expect(await s.engine.container("web-1")).toEqual(web);
    }

    await s.cli.ok("up", "-d");
    await s.engine.exitCode("job-1");
    const after = await s.engine.containers();
    expect(after.map((one) => one.name)).toEqual(before.map((one) => one.name));
    expect(after.map(({ env }) => env["VERSION"])).toEqual(["1", undefined, "2"]);
    expect((await s.cli.run("plan", "--exit-code")).code).toBe(0);
  });
}

scenario(
  "a container that the engine cannot start any more is replaced in the same run",
  import.meta.filename,
  async (s) => {
    await s.cli.ok("up", "-d");
    await s.engine.exitCode("job-1");
    await s.cli.ok("stop", "db");
    const before = await s.engine.container("db-1");
    // What an engine answers that was killed between the making of the process and the note of it.
    const message = `task ${before.id}: already exists: unknown`;
    const result = await upWithFault(s, ({ path }) => path === `/containers/${s.project}-db-1/start`, {
      type: "answer",
      status: 500,
      message,
    });
    expect(result.code).toBe(0);
    expect(result.stderr).toContain("cannot start it any more");
    const after = await s.engine.container("db-1");
    expect(after.id).not.toBe(before.id);
    expect(after.state).toBe("running");
    expect((await s.cli.run("plan", "--exit-code")).code).toBe(0);
  },
);

scenario(
  "a first up with a full disk leaves nothing that the next one cannot use",
  import.meta.filename,
  async (s) => {
    const failed = await upWithFault(s, ({ path }) => path === "/volumes/create", {
      type: "answer",
      status: 500,
      message: full,
    });
    expect(failed.code).toBe(1);
    expect(failed.stderr).toMatch(/no space left on device/);
    await s.cli.ok("up", "-d");
    await s.engine.exitCode("job-1");
    const whole = await projectState(s.engine);
    await s.cli.ok("down", "-v");
    await s.cli.ok("up", "-d");
    await s.engine.exitCode("job-1");
    expect(await projectState(s.engine)).toEqual(whole);
  },
);

/** The first call that fits goes wrong, those after it do not. */
async function upWithFault(
  s: Scenario,
  at: (call: Call) => boolean,
  fault: Fault,
): ReturnType<Scenario["cli"]["run"]> {
  let isSpent = false;
  const recorder = await s.record({
    fault: (call) => {
      if (isSpent || !isChange(call) || !at(call)) return undefined;
      isSpent = true;
      return fault;
    },
  });
  const result = await s.cli.with({ DOCKER_HOST: recorder.endpoint }).run("up", "-d");
  expect(isSpent).toBe(true);
  await recorder.close();
  return result;
}
