/**
 * Laws that hold for any two stacks, on a real engine: after `up` there is nothing to plan; B after A is B from
 * nothing; `down` removes what is ours and touches nothing else.
 *
 * Each round is one seed. TCOMPOSE_TEST_LAWS=FROM-TO runs others, for longer.
 */
import { expect } from "vitest";
import { removeProject } from "../../support/scenario/cleanup.ts";
import { change, get } from "../../support/scenario/engine-socket.ts";
import { scenario, type Scenario } from "../../support/scenario/scenario.ts";
import { freePort } from "../../support/scenario/stack-copy.ts";
import { Dice } from "./dice.ts";
import { inspectAll, serviceOf, normalContainers, normalResources } from "./normal-state.ts";
import type { RandomStack, Surroundings } from "./model.ts";
import { randomStack } from "./random-stack.ts";

type Plan = { readonly operations: readonly { readonly resource: { readonly service?: string } }[] };

const IMAGE = "tcompose-test/busybox:latest";
const SEEDS = process.env["TCOMPOSE_TEST_LAWS"] ?? "1-4";

for (const seed of seeds()) {
  scenario(`laws of up and down hold for stacks of seed ${seed}`, import.meta.filename, async (s) => {
    const around = await surround(s);
    const dice = Dice.of(seed);
    const a = randomStack(dice, around);
    const b = randomStack(dice.changed(dice.pick("rate", 0.03, 0.1, 0.3, 1)), around);
    const flags = dice.some("flags", 0.25, ["--rolling", "--wait"]);

    await up(s, a, []);
    await up(s, b, flags);
    const after = { containers: await normalContainers(s.project, b.disabled), ...(await resources(s)) };

    const stranger = await strangers(around);
    await s.cli.ok("--profile", "*", "down", "-v", "--remove-orphans");
    expect(await strangers(around)).toEqual(stranger);
    expect(await inspectAll(s.project)).toEqual([]);

    await up(s, b, flags);
    const fresh = { containers: await normalContainers(s.project, b.disabled), ...(await resources(s)) };
    expect(after.containers).toEqual(fresh.containers);
    // What is not declared any more stays: nobody said that it may go.
    expect(after).toMatchObject(fresh);
    await s.cli.ok("--profile", "*", "down", "-v", "--remove-orphans");
    expect(await strangers(around)).toEqual(stranger);
    expect(await resources(s)).toEqual({ resources: {} });
  });
}

async function resources({ project }: Scenario): Promise<{ readonly resources: object }> {
  return { resources: await normalResources(project) };
}

function seeds(): number[] {
  const [from = 1, to = from] = SEEDS.split("-").map(Number);
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

/** Brings a stack up, lets its jobs end, and expects that nothing is left to do. */
async function up(
  s: Scenario,
  { files, profiles, jobs }: RandomStack,
  flags: readonly string[],
): Promise<void> {
  for (const [path, text] of Object.entries(files)) await s.stack.write(path, text);
  const selected = profiles.flatMap((name) => ["--profile", name]);
  await s.cli.ok(...selected, "up", "-d", "-y", "--remove-orphans", ...flags);
  const containers = (await inspectAll(s.project)).filter(({ Config }) => jobs.includes(serviceOf(Config)));
  await Promise.all(containers.map(({ Id }) => change("POST", `/containers/${Id}/wait`)));
  const plan = JSON.parse(
    (await s.cli.ok(...selected, "plan", "--format", "json", "--remove-orphans")).stdout,
  );
  // Jobs that nobody waits for run again at each `up`, as with the peer.
  const left = (plan as Plan).operations.filter(({ resource }) => !jobs.includes(resource.service ?? ""));
  expect(left).toEqual([]);
}

/** Resources of others beside the project, some with names that begin as ours do. */
async function surround(s: Scenario): Promise<Surroundings> {
  const { project } = s;
  const other = { "com.docker.compose.project": `${project}2`, "com.docker.compose.service": "s0" };
  const around = {
    project,
    image: IMAGE,
    ports: await Promise.all([0, 1, 2, 3].map(() => freePort())),
    externalNetwork: `${project}_outside`,
    externalVolume: `${project}_outside`,
    externalContainer: `${project}-outside-1`,
  };
  await change("POST", "/networks/create", { Name: around.externalNetwork, Labels: other });
  s.atEnd(() => change("DELETE", `/networks/${around.externalNetwork}`));
  await change("POST", "/volumes/create", { Name: around.externalVolume });
  s.atEnd(() => change("DELETE", `/volumes/${around.externalVolume}`));
  const body = { Image: IMAGE, Cmd: ["sleep", "1000"], Labels: other };
  await change("POST", `/containers/create?name=${around.externalContainer}`, {
    ...body,
    HostConfig: {
      NetworkMode: around.externalNetwork,
      Binds: [`${around.externalVolume}:/data`, "/of-its-own"],
    },
  });
  s.atEnd(() => change("DELETE", `/containers/${around.externalContainer}?force=1&v=1`));
  await change("POST", `/containers/${around.externalContainer}/start`);
  // The network goes only when nothing of the project is attached to it.
  s.atEnd(() => removeProject(project));
  return around;
}

interface Mount {
  readonly Name: string;
  readonly Destination: string;
}

async function strangers(around: Surroundings): Promise<unknown> {
  const container = await get<{ Id: string; State: { StartedAt: string }; Mounts: Mount[] }>(
    `/containers/${around.externalContainer}/json`,
  );
  const network = await get<{ Id: string }>(`/networks/${around.externalNetwork}`);
  const volume = await get<{ CreatedAt: string }>(`/volumes/${around.externalVolume}`);
  const mounts = container?.Mounts.map(({ Name, Destination }) => `${Name} ${Destination}`).toSorted();
  return [container?.Id, container?.State.StartedAt, mounts, network?.Id, volume?.CreatedAt];
}
