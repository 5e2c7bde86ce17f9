/** Whatever others did to a stack: the plan names it, `up` heals it, and then there is nothing to do. */
import { expect } from "vitest";
import { change } from "../../support/scenario/engine-socket.ts";
import { scenario, type Scenario } from "../../support/scenario/scenario.ts";

interface Damage {
  readonly name: string;
  readonly cause: (s: Scenario, id: string) => Promise<void>;
  /** What the plan says of it. */
  readonly said: RegExp;
  /** The container itself can stay. */
  readonly kept: boolean;
}

const network = (s: Scenario): string => `/networks/${s.project}_front`;

const damages: readonly Damage[] = [
  {
    name: "removed",
    cause: (_, id) => change("DELETE", `/containers/${id}?force=1`),
    said: /\+ create +container \S+-web-1/,
    kept: false,
  },
  {
    name: "renamed",
    cause: (s, id) => change("POST", `/containers/${id}/rename?name=${s.project}-other`),
    said: /~ update +container \S+-web-1 +is named \S+-other/,
    kept: true,
  },
  {
    name: "paused",
    cause: (_, id) => change("POST", `/containers/${id}/pause`),
    said: /> start +container \S+-web-1 +is paused/,
    kept: true,
  },
  {
    name: "killed",
    cause: (_, id) => change("POST", `/containers/${id}/kill`),
    said: /> start +container \S+-web-1 +is exited/,
    kept: true,
  },
  {
    name: "disconnected",
    cause: (s, id) => change("POST", `${network(s)}/disconnect`, { Container: id, Force: true }),
    said: /~ update +container \S+-web-1 +is not on network \S+_front/,
    kept: true,
  },
  {
    name: "without its network",
    cause: async (s, id) => {
      const { id: other } = await s.engine.container("api-1");
      for (const each of [id, other])
        await change("POST", `${network(s)}/disconnect`, { Container: each, Force: true });
      await change("DELETE", network(s));
    },
    said: /\+ create +network +\S+_front[\s\S]*is not on network \S+_front/,
    kept: true,
  },
  {
    name: "stopped and without its network",
    cause: async (s, id) => {
      const { id: other } = await s.engine.container("api-1");
      for (const each of [id, other]) await change("POST", `/containers/${each}/kill`);
      await change("DELETE", network(s));
    },
    said: /\+ create +network +\S+_front[\s\S]*container \S+-web-1 +its network "\S+_front" is gone/,
    kept: false,
  },
];

for (const { name, cause, said, kept } of damages) {
  scenario(`a container that is ${name} is healed`, import.meta.filename, async (s) => {
    await s.cli.ok("up", "-d");
    const before = await s.engine.container("web-1");
    await cause(s, before.id);
    expect((await s.cli.ok("plan")).stdout).toMatch(said);
    await s.cli.ok("up", "-d");
    const after = await s.engine.container("web-1");
    expect(after.id === before.id).toBe(kept);
    expect(after.state).toBe("running");
    expect(after.networks).toEqual(before.networks);
    expect(await s.engine.summary()).toEqual(["api-1 running", "web-1 running"]);
    expect((await s.cli.run("plan", "--exit-code")).code).toBe(0);
  });
}

scenario(
  "a container that goes while up is about to start it is made anew",
  import.meta.filename,
  async (s) => {
    await s.cli.ok("up", "-d");
    const { id } = await s.engine.container("web-1");
    await change("POST", `/containers/${id}/kill`);
    let removal: Promise<void> | undefined;
    const recorder = await s.record({
      // As a request of a killed run that takes effect late: this run has looked already.
      delay: ({ method, path }) =>
        method === "POST" && path === `/containers/${s.project}-web-1/start`
          ? (removal ??= change("DELETE", `/containers/${id}?force=1`))
          : undefined,
    });
    await s.cli.with({ DOCKER_HOST: recorder.endpoint }).ok("up", "-d");
    expect((await s.engine.container("web-1")).id).not.toBe(id);
    expect(await s.engine.summary()).toEqual(["api-1 running", "web-1 running"]);
    expect((await s.cli.run("plan", "--exit-code")).code).toBe(0);
  },
);

scenario(
  "what a stranger's container holds is left to it, and taken when it is free",
  import.meta.filename,
  async (s) => {
    const name = `${s.project}-web-1`;
    await change("POST", `/containers/create?name=${name}`, { Image: "tcompose-test/busybox:latest" });
    s.atEnd(() => change("DELETE", `/containers/${name}?force=1`));
    const refused = await s.cli.run("up", "-d");
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(`the name ${name} is taken by another container`);
    expect(refused.stderr).not.toMatch(new RegExp(`not done because of that:.*${name}`));
    expect(await s.engine.summary()).toEqual(["api-1 running"]);
    await change("DELETE", `/containers/${name}`);
    await s.cli.ok("up", "-d");
    expect(await s.engine.summary()).toEqual(["api-1 running", "web-1 running"]);
  },
);

scenario(
  "a container removed while it is waited for is an error, and made anew by the next run",
  import.meta.filename,
  async (s) => {
    await s.stack.edit(
      "compose.yaml",
      "    networks: [front]",
      "    networks: [front]\n    depends_on: { web: { condition: service_healthy } }",
    );
    await s.stack.edit(
      "compose.yaml",
      "  web: &service\n",
      "  web: &service\n    healthcheck: { test: test -e /ready, interval: 1s, retries: 100 }\n",
    );
    const up = s.cli.start("up", "-d");
    await up.waitFor(/web-1 {2}Waiting/);
    await change("DELETE", `/containers/${(await s.engine.container("web-1")).id}?force=1`);
    const failed = await up.finished;
    expect(failed.code).toBe(1);
    expect(failed.stderr).toContain("web-1 was removed while it was waited for");
    await s.stack.edit("compose.yaml", "test -e /ready", "test -e /");
    await s.cli.ok("up", "-d");
    expect(await s.engine.summary()).toEqual(["api-1 running", "web-1 running"]);
    expect((await s.cli.run("plan", "--exit-code")).code).toBe(0);
  },
);
