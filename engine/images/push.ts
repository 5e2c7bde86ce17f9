/** Sends an image to its registry: POST /images/{name}/push. */
import type { EngineApi } from "../docker/api.ts";
import { encodeRegistryAuth } from "./auth.ts";
import type { TransferContext } from "./pull.ts";
import { familiarName, parseReference } from "./reference.ts";
import { runTransfer } from "./transfer.ts";

/** Rejects as `pullImage` does. An image with a digest instead of a tag cannot be pushed: the engine says so. */
export async function pushImage(
  engine: Pick<EngineApi, "pushImage">,
  image: string,
  context: TransferContext,
): Promise<void> {
  const reference = parseReference(image);
  const { signal, progress, clock } = context;
  const auth = await context.credentials.forHost(reference.host, signal);
  const registryAuth = encodeRegistryAuth(auth);
  await runTransfer(() => engine.pushImage(familiarName(reference), { registryAuth, signal }), {
    operation: `image.push:${image}`,
    reference: image,
    verb: "push",
    hasCredentials: auth !== undefined,
    progress,
    signal,
    clock,
  });
}
