/** Puts configs and secrets that have no file on the host into a container, as one tar. */
import type { TarEntry } from "modern-tar";
import { OperationError } from "../error.ts";
import type { ContainerCopy } from "../plan/operation.ts";
import type { OperationContext } from "./operation-context.ts";

/** Readable by everyone, as the format's default for configs and secrets. */
const DEFAULT_MODE = 0o444;

export async function copyIntoContainer(operation: ContainerCopy, context: OperationContext): Promise<void> {
  // Few stacks need it, and loading it costs every start.
  const { packTar } = await import("modern-tar");
  const entries = await Promise.all(operation.files.map((file) => toEntry(operation, file, context)));
  const tar = await packTar(entries);
  await context.engine.putArchive(
    operation.container,
    "/",
    Buffer.from(tar.buffer, tar.byteOffset, tar.length),
    {
      signal: context.signal,
    },
  );
}

async function toEntry(
  operation: ContainerCopy,
  file: ContainerCopy["files"][number],
  { effects }: OperationContext,
): Promise<TarEntry> {
  const body = await effects.content(file.from, file.key);
  return {
    header: {
      name: file.target.replace(/^\/+/, ""),
      size: body.length,
      type: "file",
      mode: file.mode === undefined ? DEFAULT_MODE : parseInt(file.mode, 8),
      uid: numericId(operation, file.uid),
      gid: numericId(operation, file.gid),
      mtime: new Date(0),
    },
    body,
  };
}

function numericId(operation: ContainerCopy, text: string | undefined): number {
  if (text === undefined || text === "") return 0;
  if (/^\d+$/.test(text)) return Number(text);
  throw new OperationError(operation.id, `"${text}" is not a numeric user or group id`, {
    hint: "`uid` and `gid` of configs and secrets must be numbers: names are known inside the container only",
  });
}
