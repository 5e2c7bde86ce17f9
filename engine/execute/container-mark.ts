/** Writes into a container which content its process has been told of. */
import { APPLIED_PATH } from "../desired/on-change.ts";
import type { ContainerMark } from "../plan/operation.ts";
import type { OperationContext } from "./operation-context.ts";

/** PUT /containers/{id}/archive */
export async function markContainer(
  { container, contents }: ContainerMark,
  { engine, signal }: OperationContext,
): Promise<void> {
  const { packTar } = await import("modern-tar");
  const body = Buffer.from(JSON.stringify(contents));
  const tar = await packTar([
    {
      header: {
        name: APPLIED_PATH.slice(1),
        size: body.length,
        type: "file",
        mode: 0o444,
        mtime: new Date(0),
      },
      body,
    },
  ]);
  await engine.putArchive(container, "/", Buffer.from(tar.buffer, tar.byteOffset, tar.length), { signal });
}
