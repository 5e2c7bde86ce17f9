/** What does not change about a container, read once: whose files it gets, and where archives cannot reach. */
import type { EngineApi } from "../../docker/api.ts";
import { isBelow } from "../tree-watch.ts";
import { findOwner, type Owner } from "./owner.ts";

export interface ContainerFacts {
  readonly owner: Owner;
  /** Why an archive cannot put a file there; undefined: it can. */
  archiveObstacle(target: string): string | undefined;
  /** What is mounted at a path or below it: taking the path away would empty that first. */
  mountIn(target: string): string | undefined;
}

/** Rejects with the engine's error; 404 when there is no such container. */
export async function readContainerFacts(engine: EngineApi, container: string): Promise<ContainerFacts> {
  const { Config, HostConfig, Mounts } = await engine.inspectContainer(container);
  const owner = await findOwner(engine, container, Config.User ?? "");
  // The engine unpacks into the file system below such mounts, where nobody in the container sees it.
  const inMemory = [
    ...Object.keys(HostConfig.Tmpfs ?? {}),
    ...Mounts.filter((mount) => mount.Type === "tmpfs").map((mount) => mount.Destination),
  ];
  const mounted = [...Mounts.map((mount) => mount.Destination), ...inMemory];
  return {
    owner,
    mountIn: (target) => mounted.find((path) => path === target || isBelow(path, target)),
    archiveObstacle: (target) => {
      if (HostConfig.ReadonlyRootfs === true) return "its root file system is read-only";
      const mount = inMemory.find((path) => target === path || target.startsWith(`${path}/`));
      return mount === undefined ? undefined : `${mount} is a file system in memory`;
    },
  };
}
