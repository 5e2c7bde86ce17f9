import { expect } from "vitest";
import { change, get } from "../../support/scenario/engine-socket.ts";
import { scenario } from "../../support/scenario/scenario.ts";

interface Limits {
  readonly HostConfig: {
    readonly NanoCpus: number;
    readonly Memory: number;
    readonly PidsLimit: number;
    readonly RestartPolicy: { readonly Name: string };
  };
}

scenario(
  "limits and restart policy change on the container as it stands, and the plan says so",
  import.meta.filename,
  async (s) => {
    await s.cli.ok("up", "-d", "web");
    const { id } = await s.engine.container("web-1");
    for (const [from, to] of [
      ["cpus: 0.5", "cpus: 0.25"],
      ["64m", "96m"],
      ["pids_limit: 50", "pids_limit: 60"],
      ['restart: "no"', "restart: always"],
    ] as const)
      await s.stack.edit("compose.yaml", from, to);
    const plan = await s.cli.ok("plan", "web");
    expect(plan.stdout).toMatch(/~ update +container \S+-web-1\n/);
    expect(plan.stdout).toContain("cpus: 0.5 -> 0.25   compose.yaml:6:11");
    expect(plan.stdout).toContain('restart: "no" -> "always"   compose.yaml:9:14');
    expect(plan.stdout).toContain("Plan: 1 to update");
    await s.cli.ok("up", "-d", "web");
    expect((await s.engine.container("web-1")).id).toBe(id);
    expect((await get<Limits>(`/containers/${id}/json`))?.HostConfig).toMatchObject({
      NanoCpus: 250_000_000,
      Memory: 96 * 1024 ** 2,
      PidsLimit: 60,
      RestartPolicy: { Name: "always" },
    });
    expect((await s.cli.run("plan", "--exit-code", "web")).code).toBe(0);

    await s.stack.edit("compose.yaml", "LEVEL: info", "LEVEL: debug");
    const next = await s.cli.ok("plan", "web");
    expect(next.stdout).toMatch(
      /~ recreate container \S+-web-1\n +environment\.LEVEL: "info" -> "debug" +compose\.yaml:10:\d+\n\n/,
    );
  },
);

scenario(
  "values that look secret are shown as digests, in plans, events and labels",
  import.meta.filename,
  async (s) => {
    const first = await s.cli.ok("--progress", "json", "up", "-d", "web");
    await s.stack.edit("compose.yaml", "hunter2", "hunter3");
    const outputs = [
      first,
      await s.cli.ok("plan", "web"),
      await s.cli.ok("plan", "--format", "json", "web"),
      await s.cli.ok("why", "web"),
      await s.cli.ok("--progress", "json", "up", "-d", "web"),
    ];
    for (const { args, stdout, stderr } of outputs)
      expect(stdout + stderr, args.join(" ")).not.toMatch(/hunter[23]/);
    const { labels, env } = await s.engine.container("web-1");
    expect(env["DB_PASSWORD"]).toBe("hunter3");
    expect(JSON.stringify(labels)).not.toMatch(/hunter[23]/);
    await s.stack.edit("compose.yaml", "hunter3", "hunter4");
    expect((await s.cli.ok("plan", "--format", "json", "--show-secrets", "web")).stdout).toContain("hunter4");
  },
);

scenario("why says what keeps a service from running", import.meta.filename, async (s) => {
  expect((await s.cli.ok("why", "web")).stdout).toMatch(/service web has no container[\s\S]*\+ create/);
  expect((await s.cli.run("up", "-d")).code).toBe(1);
  const why = async (service: string): Promise<string> => (await s.cli.ok("why", service)).stdout;
  expect(await why("web")).toMatch(/web-1: running, started /);
  expect(await why("sick")).toMatch(/health: unhealthy[\s\S]*probe exited with 1\n +\| no good/);
  expect(await why("behind")).toMatch(
    /created, never started\nwaits for sick: it has to be healthy, but \S+-sick-1 is running and unhealthy/,
  );
  expect(await why("job")).toMatch(/job-1: exited with code 3[\s\S]*\| boom/);
  const { id } = await s.engine.container("web-1");
  await change("POST", `/containers/${id}/pause`);
  expect(await why("web")).toMatch(/web-1: paused[\s\S]*> start/);
  await change("POST", `/containers/${id}/unpause`);
  await change("POST", `/containers/${id}/kill`);
  expect(await why("web")).toMatch(/exited with code 137 \(as after SIGKILL\)/);
});
