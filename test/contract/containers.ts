/** Contract: containers, names, states. */
import { expect, it } from "vitest";
import { AbortedError, isConflict, isNotFound } from "../../engine/error.ts";
import { bodyOf, PREFIX, type EngineUnderTest } from "./engine-under-test.ts";

export function containerContract(get: () => EngineUnderTest): void {
  it("creates, starts, stops and removes a container", async () => {
    const { engine } = get();
    const name = `${PREFIX}-life`;
    const { id } = await engine.createContainer(name, bodyOf(get(), { Labels: { a: "1" } }));
    expect((await engine.inspectContainer(name)).State.Status).toBe("created");
    await engine.startContainer(id);
    await engine.startContainer(id);
    const running = await engine.inspectContainer(id);
    expect(running.Name).toBe(`/${name}`);
    expect(running.State).toMatchObject({ Status: "running", Running: true });
    expect(running.Config.Labels).toMatchObject({ a: "1" });
    await engine.stopContainer(id, { timeoutSeconds: 5 });
    await engine.stopContainer(id);
    const stopped = await engine.inspectContainer(id);
    expect(stopped.State).toMatchObject({ Status: "exited", Running: false, ExitCode: 143 });
    await engine.removeContainer(id);
    await engine.removeContainer(id);
    await expect(engine.inspectContainer(id)).rejects.toSatisfy(isNotFound);
  });

  it("lists by label, the stopped ones too, with names, state and labels", async () => {
    const { engine } = get();
    const name = `${PREFIX}-list`;
    const { id } = await engine.createContainer(name, bodyOf(get(), { Labels: { role: "list" } }));
    const filters = { label: ["role=list"] };
    const [summary, ...others] = await engine.listContainers({ filters });
    expect(others).toEqual([]);
    expect(summary).toMatchObject({ Id: id, Names: [`/${name}`], State: "created" });
    expect(summary?.Labels).toMatchObject({ role: "list" });
    expect(await engine.listContainers({ filters, all: false })).toEqual([]);
    expect(await engine.listContainers({ filters: { label: ["role=none"] } })).toEqual([]);
  });

  it("refuses a name that is taken with a conflict, and renames", async () => {
    const { engine } = get();
    const [one, two] = [`${PREFIX}-one`, `${PREFIX}-two`];
    const { id } = await engine.createContainer(one, bodyOf(get()));
    await expect(engine.createContainer(one, bodyOf(get()))).rejects.toSatisfy(isConflict);
    await engine.renameContainer(id, two);
    expect((await engine.inspectContainer(two)).Id).toBe(id);
    await expect(engine.inspectContainer(one)).rejects.toSatisfy(isNotFound);
    await engine.createContainer(one, bodyOf(get()));
    await expect(engine.renameContainer(one, two)).rejects.toSatisfy(isConflict);
  });

  it("answers 404 for an unknown image and an unknown container", async () => {
    const { engine } = get();
    const unknown = bodyOf({ ...get(), image: `${PREFIX}-no-such-image` });
    await expect(engine.createContainer(`${PREFIX}-x`, unknown)).rejects.toSatisfy(isNotFound);
    await expect(engine.startContainer(`${PREFIX}-nobody`)).rejects.toSatisfy(isNotFound);
    expect(await engine.inspectImage(`${PREFIX}-no-such-image`)).toBeUndefined();
    expect((await engine.inspectImage(get().image))?.Id).toMatch(/^sha256:/);
  });

  it("removes a running container only by force", async () => {
    const { engine } = get();
    const { id } = await engine.createContainer(`${PREFIX}-force`, bodyOf(get()));
    await engine.startContainer(id);
    await expect(engine.removeContainer(id)).rejects.toMatchObject({ code: "engine-response" });
    await engine.removeContainer(id, { force: true });
    await expect(engine.inspectContainer(id)).rejects.toSatisfy(isNotFound);
  });

  it("pauses, unpauses, kills and restarts", async () => {
    const { engine } = get();
    const { id } = await engine.createContainer(`${PREFIX}-pause`, bodyOf(get()));
    await engine.startContainer(id);
    await engine.pauseContainer(id);
    expect((await engine.inspectContainer(id)).State).toMatchObject({ Status: "paused", Paused: true });
    await engine.unpauseContainer(id);
    await engine.restartContainer(id, { timeoutSeconds: 5 });
    expect((await engine.inspectContainer(id)).State.Status).toBe("running");
    await engine.killContainer(id);
    await expect(engine.killContainer(id)).rejects.toSatisfy(isConflict);
  });

  it("gives containers the volumes that they ask for and keeps used ones", async () => {
    const { engine } = get();
    const volume = `${PREFIX}-volume`;
    await engine.createVolume({ Name: volume, Labels: { "dev.tcompose.test": "contract" } });
    expect(await engine.inspectVolume(volume)).toMatchObject({ Name: volume, Driver: "local" });
    expect(await engine.inspectVolume(`${PREFIX}-none`)).toBeUndefined();
    const Mounts = [{ Type: "volume", Source: volume, Target: "/data" }];
    const { id } = await engine.createContainer(
      `${PREFIX}-volumes`,
      bodyOf(get(), { HostConfig: { Mounts }, Volumes: { "/anonymous": {} } }),
    );
    const mounts = (await engine.inspectContainer(id)).Mounts;
    expect(mounts.map((m) => m.Destination).sort()).toEqual(["/anonymous", "/data"]);
    expect(mounts.find((m) => m.Destination === "/data")).toMatchObject({ Type: "volume", Name: volume });
    await expect(engine.removeVolume(volume)).rejects.toSatisfy(isConflict);
    const anonymous = mounts.find((m) => m.Destination === "/anonymous")?.Name ?? "";
    await engine.removeContainer(id, { volumes: true });
    expect(await engine.inspectVolume(anonymous)).toBeUndefined();
    const names = (await engine.listVolumes()).map((v) => v.Name);
    expect(names).toContain(volume);
    await engine.removeVolume(volume);
    await engine.removeVolume(volume);
    expect(await engine.inspectVolume(volume)).toBeUndefined();
  });

  it("refuses a port that another container holds, at start, and leaves the container created", async () => {
    const { engine } = get();
    const open = (HostPort: string): ReturnType<typeof bodyOf> =>
      bodyOf(get(), {
        ExposedPorts: { "80/tcp": {} },
        HostConfig: { PortBindings: { "80/tcp": [{ HostIp: "127.0.0.1", HostPort }] } },
      });
    const first = await engine.createContainer(`${PREFIX}-port-1`, open(""));
    await engine.startContainer(first.id);
    const { Ports } = (await engine.inspectContainer(first.id)).NetworkSettings;
    const port = Ports?.["80/tcp"]?.[0]?.HostPort ?? "";
    expect(Number(port)).toBeGreaterThan(1023);
    const second = await engine.createContainer(`${PREFIX}-port-2`, open(port));
    await expect(engine.startContainer(second.id)).rejects.toMatchObject({ status: 500 });
    expect((await engine.inspectContainer(second.id)).State.Status).toBe("created");
  });

  it("aborts before and during a call", async () => {
    const { engine } = get();
    await expect(engine.listContainers({ signal: AbortSignal.abort() })).rejects.toBeInstanceOf(AbortedError);
    const controller = new AbortController();
    const { id } = await engine.createContainer(`${PREFIX}-abort`, bodyOf(get()));
    await engine.startContainer(id);
    const logs = engine.containerLogs(id, { follow: true, tty: false, signal: controller.signal });
    const next = logs[Symbol.asyncIterator]().next();
    setImmediate(() => controller.abort());
    await expect(next).rejects.toBeInstanceOf(AbortedError);
  });
}
