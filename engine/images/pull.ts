/** Brings an image to the engine: POST /images/create. */
import type { EngineApi } from "../docker/api.ts";
import type { ImagePull } from "../plan/operation.ts";
import type { Clock } from "../execute/model.ts";
import { OperationError } from "../error.ts";
import { encodeRegistryAuth, type RegistryAuth, type RegistryCredentials } from "./auth.ts";
import { classifyTransferFailure } from "./failure.ts";
import { mirrorAuth, mirrorHint, readHubMirrors, type HubMirrors } from "./mirror.ts";
import { DOCKER_HUB, familiarName, parseReference } from "./reference.ts";
import { runTransfer, type ReportProgress } from "./transfer.ts";

export interface TransferContext {
  readonly credentials: RegistryCredentials;
  readonly progress: ReportProgress;
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

type PullEngine = Pick<EngineApi, "info" | "pullImage">;
type PullRequest = Pick<ImagePull, "id" | "reference" | "platform">;

/**
 * Pulls the operation's image. A short name gets `:latest`, so that the engine never fetches every tag. What comes
 * from Docker Hub may come through a mirror of the engine with a password of its own. Rejects with an OperationError
 * that carries the registry's own words and a hint, a UsageError for a text that is no reference, or an AbortedError.
 */
export async function pullImage(
  engine: PullEngine,
  operation: PullRequest,
  context: TransferContext,
): Promise<void> {
  const { host } = parseReference(operation.reference);
  const { credentials, signal } = context;
  const auth = await credentials.forHost(host, signal);
  try {
    await pullWith(auth, engine, operation, context);
  } catch (error) {
    if (host !== DOCKER_HUB || !(error instanceof OperationError) || !isAccessFailure(error)) throw error;
    const mirrors = await readHubMirrors(engine, { signal });
    const own = await mirrorAuth(mirrors, credentials, signal);
    if (own !== undefined) return pullWith(own, engine, operation, context);
    throw withMirrorHint(error, mirrors);
  }
}

async function pullWith(
  auth: RegistryAuth | undefined,
  engine: PullEngine,
  operation: PullRequest,
  { signal, progress, clock }: TransferContext,
): Promise<void> {
  const { id, reference, platform } = operation;
  const name = familiarName(parseReference(reference));
  const registryAuth = auth === undefined ? undefined : encodeRegistryAuth(auth);
  await runTransfer(() => engine.pullImage(name, { platform, registryAuth, signal }), {
    operation: id,
    reference,
    verb: "pull",
    hasCredentials: auth !== undefined,
    progress,
    signal,
    clock,
  });
}

/** A mirror that refuses is passed over by the classic store: what is told is that Docker Hub cannot be reached either. */
function isAccessFailure(error: OperationError): boolean {
  return ["auth", "not-found-or-denied", "network", "unreachable"].includes(
    classifyTransferFailure(error.message),
  );
}

function withMirrorHint(error: OperationError, mirrors: HubMirrors): OperationError {
  const hint = mirrorHint(mirrors);
  if (hint === undefined) return error;
  const both = error.hint === undefined ? hint : `${error.hint}; ${hint}`;
  return new OperationError(error.operation, error.message, { hint: both, cause: error });
}

export type RunPull = (operation: ImagePull, progress: ReportProgress, signal: AbortSignal) => Promise<void>;

/** Carries out `image.pull` operations; see `pullImage`. */
export function createPuller(engine: PullEngine, credentials: RegistryCredentials, clock: Clock): RunPull {
  return async (operation, progress, signal) =>
    pullImage(engine, operation, { credentials, clock, progress, signal });
}
