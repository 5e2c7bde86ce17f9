import { stat } from "node:fs/promises";
import { expect } from "vitest";
import { scenario } from "../../support/scenario/scenario.ts";

/** Ctrl-P, Ctrl-Q. */
const LEAVE = "\u0010\u0011";

scenario("attach is the container's terminal until the detach keys", import.meta.filename, async (s) => {
  await s.cli.ok("up", "-d");
  const attached = s.cli.startInTerminal("attach", "shell");
  attached.type("echo my $((40 + 2))\n");
  await attached.waitFor("my 42");
  attached.type(LEAVE);
  expect((await attached.finished).code).toBe(0);
  expect((await s.engine.container("shell-1")).state).toBe("running");
});

scenario(
  "an interrupt of attach goes to the process, whose exit code is answered",
  import.meta.filename,
  async (s) => {
    await s.cli.ok("up", "-d", "worker");
    const attached = s.cli.start("attach", "worker");
    await attached.waitFor("working");
    attached.kill("SIGINT");
    const { code, stdout } = await attached.finished;
    expect(code).toBe(7);
    expect(stdout).toContain("interrupted");
  },
);

scenario("exec and run can be left with the detach keys, and go on", import.meta.filename, async (s) => {
  await s.cli.ok("up", "-d", "shell");
  const exec = s.cli.startInTerminal("exec", "shell", "sh", "-c", "echo inside; sleep 1000");
  await exec.waitFor("inside");
  exec.type(LEAVE);
  expect((await exec.finished).code).toBe(0);
  expect(await s.engine.processes("shell-1")).toContain("sleep 1000");

  const run = s.cli.startInTerminal("run", "--rm", "--name", `${s.project}-left`, "shell");
  run.type("echo up $((1 + 1))\n");
  await run.waitFor("up 2");
  run.type(LEAVE);
  expect((await run.finished).code).toBe(0);
  expect((await s.engine.container("left")).state).toBe("running");
});

scenario("run gives configs without a file, capabilities and env files", import.meta.filename, async (s) => {
  await s.stack.write("more.env", "FROM_FILE=file\nBOTH=file\n");
  const options = ["--rm", "--env-from-file", "more.env", "-e", "BOTH=flag", "--cap-add", "SYS_TIME"];
  const { stdout } = await s.cli.ok(
    "run",
    ...options,
    "worker",
    "sh",
    "-c",
    "cat /motd; echo; echo $FROM_FILE $BOTH; grep CapEff /proc/self/status",
  );
  const [motd, variables, capabilities] = stdout.split("\n");
  expect([motd, variables]).toEqual(["welcome", "file flag"]);
  // Bit 25 is CAP_SYS_TIME.
  const bits = BigInt(`0x${capabilities?.split("\t")[1] ?? "0"}`);
  expect((bits >> 25n) & 1n).toBe(1n);
  expect(await s.engine.containers()).toEqual([]);
});

scenario("export, commit and stats work on a running container", import.meta.filename, async (s) => {
  await s.cli.ok("up", "-d", "worker");
  await s.cli.ok("export", "-o", "files.tar", "worker");
  expect((await stat(s.stack.path("files.tar"))).size).toBeGreaterThan(1024);
  const image = `${s.project}-committed:one`;
  const committed = await s.cli.ok("commit", "-c", "ENV MADE=here", "worker", image);
  s.atEnd(() => s.engine.removeImage(image));
  expect(committed.stdout).toMatch(/^sha256:[0-9a-f]{64}\n$/);
  const stats = await s.cli.ok("stats", "--no-stream", "--format", "json");
  expect(JSON.parse(stats.stdout)).toMatchObject({
    Name: `${s.project}-worker-1`,
    CPUPerc: expect.stringMatching(/^\d+\.\d\d%$/) as string,
  });
});

scenario("a dry run of what acts on containers does nothing", import.meta.filename, async (s) => {
  await s.cli.ok("up", "-d");
  const before = await s.engine.containers();
  const recorder = await s.record();
  const dry = s.cli.with({ DOCKER_HOST: recorder.endpoint });
  const commands = [
    ["kill"],
    ["pause"],
    ["stop"],
    ["restart"],
    ["down", "-v"],
    ["rm", "-sf"],
    ["pull"],
    ["run", "--rm", "shell", "true"],
    ["exec", "-T", "shell", "touch", "/made"],
    ["commit", "shell", "never:made"],
    ["watch"],
  ];
  for (const command of commands) await dry.run("--dry-run", ...command);
  expect(recorder.mutations()).toEqual([]);
  expect(await s.engine.containers()).toEqual(before);
});
