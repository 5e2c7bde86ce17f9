/** Reads the file in which a container keeps the content digests that its process was told of last. */
import { APPLIED_PATH, type ContentDigests } from "../desired/on-change.ts";
import type { CallOptions, ReadOnlyEngine } from "../docker/api.ts";
import { isNotFound } from "../error.ts";

/** GET /containers/{id}/archive; undefined: there is none, so the label holds. */
export async function readApplied(
  engine: ReadOnlyEngine,
  container: string,
  options: CallOptions,
): Promise<ContentDigests | undefined> {
  try {
    const stream = await engine.getArchive(container, APPLIED_PATH, options);
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(Buffer.from(chunk as Uint8Array));
    const { unpackTar } = await import("modern-tar");
    const [entry] = await unpackTar(Buffer.concat(chunks));
    return entry?.data === undefined ? undefined : parse(Buffer.from(entry.data).toString("utf8"));
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** A file that is not ours says nothing: the process is told once more. */
function parse(text: string): ContentDigests {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as ContentDigests) : {};
  } catch {
    return {};
  }
}
