/** Contract: networks and endpoints. */
import { expect, it } from "vitest";
import { isNotFound } from "../../engine/error.ts";
import { bodyOf, networkLabels, PREFIX, type EngineUnderTest } from "./engine-under-test.ts";

export function networkContract(get: () => EngineUnderTest): void {
  const create = (name: string): Promise<string> => createNetwork(get(), name);

  it("creates, finds, lists and removes a network", async () => {
    const { engine } = get();
    const name = `${PREFIX}-net`;
    const id = await create(name);
    await expect(create(name)).rejects.toMatchObject({ status: 409 });
    expect(await engine.inspectNetwork(name)).toMatchObject({ Id: id, Name: name, Driver: "bridge" });
    const listed = await engine.listNetworks({ filters: { label: ["dev.tcompose.test=contract"] } });
    expect(listed.map((n) => n.Name)).toEqual([name]);
    await engine.removeNetwork(name);
    await engine.removeNetwork(name);
    expect(await engine.inspectNetwork(name)).toBeUndefined();
  });

  it("connects containers with their endpoint settings, at create and later", async () => {
    const { engine } = get();
    const [front, back] = [`${PREFIX}-front`, `${PREFIX}-back`];
    await create(front);
    await engine.createNetwork({
      Name: back,
      Labels: networkLabels,
      IPAM: { Config: [{ Subnet: "10.213.77.0/24" }] },
    });
    const { id } = await engine.createContainer(
      `${PREFIX}-web`,
      bodyOf(get(), {
        HostConfig: { NetworkMode: front },
        NetworkingConfig: { EndpointsConfig: { [front]: { Aliases: ["web"] } } },
      }),
    );
    await engine.connectNetwork(back, id, {
      Aliases: ["web-back"],
      IPAMConfig: { IPv4Address: "10.213.77.7" },
    });
    const before = (await engine.inspectContainer(id)).NetworkSettings.Networks;
    expect(before[front]?.Aliases).toContain("web");
    await engine.startContainer(id);
    const networks = (await engine.inspectContainer(id)).NetworkSettings.Networks;
    expect(Object.keys(networks).sort()).toEqual([back, front]);
    expect(networks[front]?.Aliases).toContain("web");
    expect(networks[back]?.Aliases).toContain("web-back");
    expect(networks[back]?.IPAddress).toBe("10.213.77.7");
    expect(networks[front]?.IPAddress).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
    await engine.disconnectNetwork(back, id);
    const after = (await engine.inspectContainer(id)).NetworkSettings.Networks;
    expect(Object.keys(after)).toEqual([front]);
    await engine.connectNetwork(back, id, { Aliases: ["again"] });
    expect((await engine.inspectNetwork(back))?.Containers).toMatchObject({
      [id]: { Name: `${PREFIX}-web` },
    });
  });

  it("creates a container before its network, and starts it when both are there", async () => {
    const { engine } = get();
    // Podman looks at creation: the plan does not ask it.
    if (engine.flavour !== "docker") return;
    const network = `${PREFIX}-late`;
    const { id } = await engine.createContainer(
      `${PREFIX}-early`,
      bodyOf(get(), {
        HostConfig: { NetworkMode: network },
        NetworkingConfig: { EndpointsConfig: { [network]: { Aliases: ["early"] } } },
      }),
    );
    await create(network);
    await engine.startContainer(id);
    const { Networks } = (await engine.inspectContainer(id)).NetworkSettings;
    expect(Networks[network]?.Aliases).toContain("early");
  });

  it("answers 404 when a container's network does not exist", async () => {
    const { engine } = get();
    const run = async (): Promise<void> => {
      const body = bodyOf(get(), { HostConfig: { NetworkMode: `${PREFIX}-gone` } });
      const { id } = await engine.createContainer(`${PREFIX}-lost`, body);
      await engine.startContainer(id);
    };
    // Docker refuses at start, Podman at create.
    await expect(run()).rejects.toSatisfy(isNotFound);
    const running = await engine.createContainer(`${PREFIX}-there`, bodyOf(get()));
    await engine.startContainer(running.id);
    await expect(engine.connectNetwork(`${PREFIX}-gone`, running.id, {})).rejects.toSatisfy(isNotFound);
  });
}

/** Docker alone: Podman lets a used network go, and takes a second connect as done. */
export function networkGuardContract(get: () => EngineUnderTest): void {
  it("refuses to remove a network that a running container uses, and to connect it twice", async () => {
    const { engine } = get();
    const name = `${PREFIX}-used`;
    const id = await createNetwork(get(), name);
    const container = await engine.createContainer(
      `${PREFIX}-user`,
      bodyOf(get(), { HostConfig: { NetworkMode: name } }),
    );
    await engine.startContainer(container.id);
    await expect(engine.removeNetwork(id)).rejects.toMatchObject({ status: 403 });
    await expect(engine.connectNetwork(id, container.id, {})).rejects.toMatchObject({ status: 403 });
    await engine.removeContainer(container.id, { force: true });
    await engine.removeNetwork(id);
  });
}

function createNetwork({ engine }: EngineUnderTest, name: string): Promise<string> {
  return engine.createNetwork({ Name: name, CheckDuplicate: true, Driver: "bridge", Labels: networkLabels });
}
