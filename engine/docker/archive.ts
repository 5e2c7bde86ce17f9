/** Files of a container as tar streams. */
import type { EngineApi } from "./api.ts";
import { joinPath } from "./query.ts";
import type { Transport } from "./transport.ts";

export function archiveCalls(transport: Transport): Pick<EngineApi, "getArchive" | "putArchive"> {
  return {
    getArchive: (id, path, options) =>
      transport.stream({
        method: "GET",
        path: joinPath("containers", id, "archive"),
        query: { path },
        signal: options?.signal,
      }),
    putArchive: (id, path, tar, options) =>
      transport.run({
        method: "PUT",
        path: joinPath("containers", id, "archive"),
        query: { path, noOverwriteDirNonDir: options?.noOverwriteDirNonDir, copyUIDGID: options?.copyUidGid },
        headers: { "Content-Type": "application/x-tar" },
        body: tar,
        signal: options?.signal,
      }),
  };
}
