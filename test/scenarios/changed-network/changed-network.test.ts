import { expect } from "vitest";
import { get } from "../../support/scenario/engine-socket.ts";
import { scenario, type Scenario } from "../../support/scenario/scenario.ts";

interface Endpoints {
  readonly NetworkSettings: {
    readonly Networks: Readonly<Record<string, { readonly IPAddress: string }>>;
  };
}

async function address(s: Scenario): Promise<string | undefined> {
  const { id } = await s.engine.container("web-1");
  const inspected = await get<Endpoints>(`/containers/${id}/json`);
  return inspected?.NetworkSettings.Networks[`${s.project}_front`]?.IPAddress;
}

scenario(
  "a network that changed comes back with the aliases and the fixed address of those on it",
  import.meta.filename,
  async (s) => {
    await s.cli.ok("up", "-d");
    const before = await s.engine.container("web-1");
    expect(before.networks[`${s.project}_front`]).toEqual(["shop", "site", `${s.project}-web-1`, "web"]);
    expect(await address(s)).toBe("10.213.93.20");

    await s.stack.edit("compose.yaml", 'of: "1"', 'of: "2"');
    await s.cli.ok("up", "-d");
    const after = await s.engine.container("web-1");
    expect(after.state).toBe("running");
    expect(after.networks).toEqual(before.networks);
    expect(await address(s)).toBe("10.213.93.20");
    const network = await get<{ readonly Labels: Readonly<Record<string, string>> }>(
      `/networks/${s.project}_front`,
    );
    expect(network?.Labels["of"]).toBe("2");
    expect((await s.cli.run("plan", "--exit-code")).code).toBe(0);
  },
);
