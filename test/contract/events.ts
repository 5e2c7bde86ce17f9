/** Contract: the event stream. */
import { expect, it } from "vitest";
import type { EngineMessage } from "../../engine/docker/types.ts";
import { bodyOf, PREFIX, type EngineUnderTest, type Traits } from "./engine-under-test.ts";

const LABEL = "dev.tcompose.test=contract";

export function eventContract(get: () => EngineUnderTest, traits: Traits): void {
  it("tells a container's life in order, from the moment of subscription", async () => {
    const name = `${PREFIX}-events`;
    const messages = await record(get(), "destroy", async ({ engine }) => {
      const body = bodyOf(get(), { HostConfig: { NetworkMode: "none" } });
      const { id } = await engine.createContainer(name, body);
      await engine.startContainer(id);
      await engine.renameContainer(id, `${name}-2`);
      await engine.pauseContainer(id);
      await engine.unpauseContainer(id);
      await engine.stopContainer(id, { timeoutSeconds: 5 });
      await engine.startContainer(id);
      await engine.removeContainer(id, { force: true });
    });
    const actions = messages.map((m) => m.Action);
    const kill = traits.tellsRequests ? ["kill"] : [];
    // `stop` comes before or after `die`: engines differ. Docker 20.10 sometimes tells a pause and its end twice.
    const isEcho = (action: string, i: number): boolean =>
      action.includes("pause") && actions.indexOf(action) < i;
    expect(actions.filter((action, i) => action !== "stop" && !isEcho(action, i))).toEqual([
      ...["create", "start", "rename", "pause", "unpause"].concat(kill, "die"),
      ...["start"].concat(kill, "die", "destroy"),
    ]);
    const stops = actions.filter((action) => action === "stop");
    expect(stops.length).toBeGreaterThanOrEqual(traits.tellsRequests ? 1 : 0);
    const [create, , rename] = messages;
    expect(create).toMatchObject({
      Type: "container",
      Actor: { Attributes: { name, image: expect.stringContaining(get().image) } },
    });
    expect(rename?.Actor.Attributes).toMatchObject({ name: `${name}-2` });
    const deaths = messages.filter((m) => m.Action === "die");
    expect(deaths.map((m) => m.Actor.Attributes["exitCode"])).toEqual(["143", "137"]);
  });

  it("tells the exit code of a process that ends by itself", async () => {
    const { engine } = get();
    const { id } = await engine.createContainer(
      `${PREFIX}-exit`,
      bodyOf(get(), { Cmd: ["sh", "-c", "exit 3"], Labels: { "test.exit": "3" } }),
    );
    const messages = await record(get(), "die", () => engine.startContainer(id));
    expect(messages.map((m) => m.Action)).toEqual(["start", "die"]);
    expect(messages[1]?.Actor).toMatchObject({ ID: id, Attributes: { exitCode: "3" } });
    expect((await engine.inspectContainer(id)).State).toMatchObject({ Status: "exited", ExitCode: 3 });
  });

  it("ends when the signal aborts", async () => {
    const controller = new AbortController();
    const seen: EngineMessage[] = [];
    const onOpen = (): void => controller.abort();
    for await (const message of get().engine.events({
      filters: { label: ["dev.tcompose.test=nothing"] },
      signal: controller.signal,
      onOpen,
    })) {
      seen.push(message);
    }
    expect(seen).toEqual([]);
  });
}

/** Docker alone: Podman leaves health checks to systemd's timers, and without systemd none runs. */
export function healthContract(get: () => EngineUnderTest): void {
  it("tells health as it changes", async () => {
    const { engine } = get();
    const second = 1_000_000_000;
    const Healthcheck = { Test: ["CMD", "true"], Interval: second / 2, Timeout: 5 * second, Retries: 1 };
    const { id } = await engine.createContainer(`${PREFIX}-health`, bodyOf(get(), { Healthcheck }));
    const messages = await record(get(), "health_status: healthy", () => engine.startContainer(id));
    expect(messages.at(-1)?.Actor.ID).toBe(id);
    const { Health } = (await engine.inspectContainer(id)).State;
    expect(Health).toMatchObject({ Status: "healthy", FailingStreak: 0 });
    const [summary] = await engine.listContainers({ filters: { name: [`${PREFIX}-health`] } });
    expect(summary?.Status).toContain("(healthy)");
  });
}

/** The suite's container events while `act` runs, up to the first `last`; execs of health checks left out. */
async function record(
  subject: EngineUnderTest,
  last: string,
  act: (subject: EngineUnderTest) => Promise<unknown>,
): Promise<EngineMessage[]> {
  const messages: EngineMessage[] = [];
  const controller = new AbortController();
  let acting: Promise<unknown> = Promise.resolve();
  const onOpen = (): void => {
    acting = act(subject);
    // A failed action must end the test with its own error, not leave it waiting for events.
    acting.catch(() => controller.abort());
  };
  const filters = { type: ["container"], label: [LABEL] };
  for await (const message of subject.engine.events({ filters, onOpen, signal: controller.signal })) {
    if (message.Action.startsWith("exec_")) continue;
    messages.push(message);
    if (message.Action === last) break;
  }
  await acting;
  return messages;
}
