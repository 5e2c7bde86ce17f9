/** Pins images to what their registry says now: GET /distribution/{name}/json, asked by the engine itself. */
import type { EngineApi } from "../docker/api.ts";
import { AbortedError, OperationError } from "../error.ts";
import { encodeRegistryAuth, type RegistryCredentials } from "./auth.ts";
import { classifyTransferFailure, failureText, isTransferError, transferHint } from "./failure.ts";
import { familiarName, normalizedName, parseReference } from "./reference.ts";

export interface PinContext {
  readonly credentials: RegistryCredentials;
  readonly signal: AbortSignal;
}

/** Questions that one registry is asked at once. */
const AT_ONCE = 8;

/**
 * Full names with digests (`docker.io/library/nginx:1@sha256:...`) by the texts given. What has a digest already is
 * not looked up. Rejects with an OperationError for the first image that has none, a UsageError for a text that is no
 * reference, or an AbortedError.
 */
export async function pinImages(
  engine: Pick<EngineApi, "imageDigest">,
  images: Iterable<string>,
  context: PinContext,
): Promise<ReadonlyMap<string, string>> {
  const pinned = new Map<string, string>();
  const waiting = [...new Set(images)];
  const work = async (): Promise<void> => {
    for (let image = waiting.shift(); image !== undefined; image = waiting.shift())
      pinned.set(image, await pin(engine, image, context));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return pinned;
}

async function pin(
  engine: Pick<EngineApi, "imageDigest">,
  image: string,
  { credentials, signal }: PinContext,
): Promise<string> {
  const reference = parseReference(image);
  // A tag beside a digest says nothing more.
  if (reference.digest !== undefined) return normalizedName({ ...reference, tag: undefined });
  const auth = await credentials.forHost(reference.host, signal);
  const registryAuth = auth === undefined ? undefined : encodeRegistryAuth(auth);
  try {
    const digest = await engine.imageDigest(familiarName(reference), { registryAuth, signal });
    return `${normalizedName(reference)}@${digest}`;
  } catch (error) {
    if (signal.aborted) throw new AbortedError();
    if (!isTransferError(error)) throw error;
    const text = failureText(error);
    const hint = transferHint(classifyTransferFailure(text), image, auth !== undefined);
    throw new OperationError("image.digest", `cannot find the digest of ${image}: ${text}`, {
      hint,
      cause: error,
    });
  }
}
