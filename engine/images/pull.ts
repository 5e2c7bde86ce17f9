/** Brings an image to the engine: POST /images/create. */
import type { EngineApi } from "../docker/api.ts";
import type { ImagePull } from "../plan/operation.ts";
import type { Clock } from "../execute/model.ts";
import { encodeRegistryAuth, type RegistryCredentials } from "./auth.ts";
import { familiarName, parseReference } from "./reference.ts";
import { runTransfer, type ReportProgress } from "./transfer.ts";

export interface TransferContext {
  readonly credentials: RegistryCredentials;
  readonly progress: ReportProgress;
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

/**
 * Pulls the operation's image. A short name gets `:latest`, so that the engine never fetches every tag. Rejects with
 * an OperationError that carries the registry's own words and a hint, a UsageError for a text that is no reference,
 * or an AbortedError.
 */
export async function pullImage(
  engine: Pick<EngineApi, "pullImage">,
  operation: Pick<ImagePull, "id" | "reference" | "platform">,
  context: TransferContext,
): Promise<void> {
  const reference = parseReference(operation.reference);
  const name = familiarName(reference);
  const { signal, progress, clock } = context;
  const auth = await context.credentials.forHost(reference.host, signal);
  const registryAuth = auth === undefined ? undefined : encodeRegistryAuth(auth);
  await runTransfer(() => engine.pullImage(name, { platform: operation.platform, registryAuth, signal }), {
    operation: operation.id,
    reference: operation.reference,
    verb: "pull",
    hasCredentials: auth !== undefined,
    progress,
    signal,
    clock,
  });
}

export type RunPull = (operation: ImagePull, progress: ReportProgress, signal: AbortSignal) => Promise<void>;

/** Carries out `image.pull` operations; see `pullImage`. */
export function createPuller(
  engine: Pick<EngineApi, "pullImage">,
  credentials: RegistryCredentials,
  clock: Clock,
): RunPull {
  return async (operation, progress, signal) =>
    pullImage(engine, operation, { credentials, clock, progress, signal });
}
