/** Files of a container as tar streams. */
import { EngineProtocolError } from "../error.ts";
import type { EngineApi } from "./api.ts";
import { orUndefined } from "./answers.ts";
import { joinPath } from "./query.ts";
import type { Transport } from "./transport.ts";
import type { PathStat } from "./types-system.ts";

type ArchiveCalls = Pick<EngineApi, "getArchive" | "putArchive" | "statPath" | "exportContainer">;

export function archiveCalls(transport: Transport): ArchiveCalls {
  return {
    exportContainer: (id, options) =>
      transport.stream({
        method: "GET",
        path: joinPath("containers", id, "export"),
        signal: options?.signal,
      }),
    statPath: (id, path, options) => orUndefined(readStat(transport, id, path, options?.signal)),
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

/** The answer has no body: what is there comes as JSON in a header. */
async function readStat(
  transport: Transport,
  id: string,
  path: string,
  signal: AbortSignal | undefined,
): Promise<PathStat> {
  const headers = await transport.headers({
    method: "HEAD",
    path: joinPath("containers", id, "archive"),
    query: { path },
    signal,
  });
  const encoded = headers["x-docker-container-path-stat"];
  if (typeof encoded !== "string") throw new EngineProtocolError(`the engine does not tell what ${path} is`);
  return JSON.parse(Buffer.from(encoded, "base64").toString("utf8")) as PathStat;
}
