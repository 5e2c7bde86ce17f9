/** Networks and volumes: what several containers, and several runs, share. */
import type { EngineApi } from "../docker/api.ts";
import { EngineResponseError, isConflict } from "../error.ts";
import { label } from "../labels.ts";
import type { NetworkCreate, VolumeCreate } from "../plan/operation.ts";

/** Creating what another run has created meanwhile is success: the name is what containers refer to. */
export async function createNetwork(
  engine: EngineApi,
  operation: NetworkCreate,
  signal: AbortSignal,
): Promise<void> {
  try {
    // Engines before API 1.44 allow two networks of one name unless told to check.
    const id = await engine.createNetwork({ CheckDuplicate: true, ...operation.body }, { signal });
    await removeTwins(engine, operation, id, signal);
  } catch (error) {
    if (!isConflict(error)) throw error;
    if ((await engine.inspectNetwork(operation.body.Name, { signal })) === undefined) throw error;
  }
}

/**
 * The check for a duplicate misses a request of a killed run that the engine was still working on. Such a twin has
 * nobody attached; where it has, ours is the one that goes.
 */
async function removeTwins(
  engine: EngineApi,
  { body }: NetworkCreate,
  created: string,
  signal: AbortSignal,
): Promise<void> {
  const named = await engine.listNetworks({ filters: { name: [body.Name] }, signal });
  const project = body.Labels?.[label.project];
  for (const { Id, Name, Labels } of named) {
    if (Name !== body.Name || Id === created || Labels?.[label.project] !== project) continue;
    try {
      await engine.removeNetwork(Id, { signal });
    } catch (error) {
      if (!(error instanceof EngineResponseError)) throw error;
      await engine.removeNetwork(created, { signal });
      return;
    }
  }
}

export async function createVolume(
  engine: EngineApi,
  operation: VolumeCreate,
  signal: AbortSignal,
): Promise<void> {
  try {
    await engine.createVolume(operation.body, { signal });
  } catch (error) {
    if (!isConflict(error)) throw error;
    if ((await engine.inspectVolume(operation.body.Name, { signal })) === undefined) throw error;
  }
}
