/** What the contract suite needs to know about an engine: how to open it, what it cannot do, how to clean up. */
import type { EngineApi } from "../../engine/docker/api.ts";
import type { ContainerCreateBody, HostConfig } from "../../engine/docker/types.ts";

export interface EngineUnderTest {
  readonly engine: EngineApi;
  /** A small image with `/bin/sh` and `sleep`. */
  readonly image: string;
  /** Added to each container's HostConfig. */
  readonly hostConfig?: HostConfig;
}

/** Where engines differ in what they do at all; the rest of the contract is the same for each. */
export interface Traits {
  /** The engine runs health checks by itself. */
  readonly runsHealthChecks: boolean;
  /** `kill` and `stop` events beside what becomes of the container. */
  readonly tellsRequests: boolean;
  /** Networks in use are not removed, and not connected twice. */
  readonly guardsNetworks: boolean;
}

export const dockerTraits: Traits = { runsHealthChecks: true, tellsRequests: true, guardsNetworks: true };
export const podmanTraits: Traits = { runsHealthChecks: false, tellsRequests: false, guardsNetworks: false };

export const PREFIX = "tc-contract";
const MARK = { "dev.tcompose.test": "contract" };

/** A container that runs until it is stopped, and ends quickly on TERM. */
export function bodyOf(
  { image, hostConfig }: EngineUnderTest,
  change: Partial<ContainerCreateBody> = {},
): ContainerCreateBody {
  return {
    Image: image,
    Cmd: ["sh", "-c", "trap 'exit 143' TERM; sleep 1000 & wait"],
    ...change,
    Labels: { ...MARK, ...change.Labels },
    HostConfig: { ...hostConfig, ...change.HostConfig },
  };
}

export const networkLabels = MARK;

/** Removes everything that the suite has made on this engine. */
export async function cleanUp({ engine }: EngineUnderTest): Promise<void> {
  const filters = { label: ["dev.tcompose.test=contract"] };
  for (const { Id } of await engine.listContainers({ filters })) {
    await engine.removeContainer(Id, { force: true, volumes: true });
  }
  for (const { Id } of await engine.listNetworks({ filters })) await engine.removeNetwork(Id);
  for (const { Name } of await engine.listVolumes({ filters })) await engine.removeVolume(Name);
}
