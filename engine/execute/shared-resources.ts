/** Networks and volumes: what several containers, and several runs, share. */
import type { EngineApi } from "../docker/api.ts";
import { isConflict } from "../error.ts";
import type { NetworkCreate, VolumeCreate } from "../plan/operation.ts";

/** Creating what another run has created meanwhile is success: the name is what containers refer to. */
export async function createNetwork(
  engine: EngineApi,
  operation: NetworkCreate,
  signal: AbortSignal,
): Promise<void> {
  try {
    // Engines before API 1.44 allow two networks of one name unless told to check.
    await engine.createNetwork({ CheckDuplicate: true, ...operation.body }, { signal });
  } catch (error) {
    if (!isConflict(error)) throw error;
    if ((await engine.inspectNetwork(operation.body.Name, { signal })) === undefined) throw error;
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
