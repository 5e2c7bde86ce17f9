/**
 * Serves directories of the host to the builder (gRPC service `moby.filesync.v1.FileSync`): the builder gets a list
 * of everything with sizes and times, and asks for the content of what it does not have yet.
 */
import { createHash } from "node:crypto";
import { createMatcher } from "../../watch/match.ts";
import { TcomposeError } from "../../error.ts";
import { usableMatcher } from "../ignore.ts";
import { walkContext, type ContextEntry } from "../walk.ts";
import { resolveFollowPaths } from "./follow-paths.ts";
import { frameMessage, GrpcFailure, grpcStatus } from "./grpc.ts";
import type { GrpcCall, GrpcMethods } from "./grpc-server.ts";
import { sendFile } from "./send-file.ts";
import { StatStream } from "./stat-stream.ts";
import { decodePacket, encodeError, encodeFinish, encodeListEnd, packetType } from "./wire.ts";

export type SyncSource =
  /** Absolute path. */
  | { readonly kind: "directory"; readonly root: string }
  /** Files that exist in memory alone, by name, in the order of their names. */
  | { readonly kind: "memory"; readonly files: ReadonlyMap<string, Buffer> };

export interface SyncReport {
  /** Content bytes that travelled. */
  readonly bytes: number;
  readonly files: number;
}

interface Listed {
  readonly entry: ContextEntry;
  readonly content: Buffer | undefined;
}

const FRAME_BATCH_BYTES = 65_536;

export function fileSyncMethods(
  sources: ReadonlyMap<string, SyncSource>,
  onReport: (source: string, report: SyncReport) => void,
): GrpcMethods {
  return new Map([
    [
      "/moby.filesync.v1.FileSync/DiffCopy",
      async (call: GrpcCall) => {
        const name = decodedMetadata(call, "dir-name")[0] ?? "";
        const source = sources.get(name);
        if (source === undefined)
          throw new GrpcFailure(grpcStatus.notFound, `no access allowed to dir "${name}"`);
        onReport(name, await synchronize(call, source));
      },
    ],
  ]);
}

/**
 * Values that are not plain ASCII come percent-encoded, marked by a second key; builders before Docker 23 send them as
 * raw UTF-8, which HTTP/2 reads byte by byte.
 */
function decodedMetadata(call: GrpcCall, key: string): readonly string[] {
  const values = call.metadata(key);
  if (call.metadata(`${key}-encoded`)[0] !== "1") {
    return values.map((value) => Buffer.from(value, "latin1").toString("utf8"));
  }
  return values.map((value) => decodeURIComponent(value.replace(/\+/g, " ")));
}

async function synchronize(call: GrpcCall, source: SyncSource): Promise<SyncReport> {
  const listed: Listed[] = [];
  const stop = new AbortController();
  const signal = AbortSignal.any([call.signal, stop.signal]);
  let listing: Promise<void> | undefined;
  try {
    listing = list(call, source, listed, signal);
    const [, report] = await Promise.all([listing, answerRequests(call, source, listed)]);
    return report;
  } catch (error) {
    if (error instanceof TcomposeError && !call.signal.aborted) await call.send(encodeError(error.message));
    throw error;
  } finally {
    stop.abort();
    // Its failure, if any, has been thrown above.
    await listing?.catch(() => undefined);
  }
}

async function list(
  call: GrpcCall,
  source: SyncSource,
  listed: Listed[],
  signal: AbortSignal,
): Promise<void> {
  const stats = new StatStream();
  for await (const batch of listEntries(call, source, signal)) {
    for (const item of batch) {
      listed.push(item);
      stats.add(item.entry);
      if (stats.length >= FRAME_BATCH_BYTES) await call.sendFrames(stats.take());
    }
  }
  await call.sendFrames(Buffer.concat([stats.take(), frameMessage(encodeListEnd())]));
}

async function* listEntries(
  call: GrpcCall,
  source: SyncSource,
  signal: AbortSignal,
): AsyncGenerator<readonly Listed[]> {
  const includes = [...decodedMetadata(call, "include-patterns")];
  const followPaths = decodedMetadata(call, "followpaths");
  if (source.kind === "memory") {
    yield [...source.files].map(([name, content]) => ({ entry: memoryEntry(name, content), content }));
    return;
  }
  let isEverything = includes.length === 0 && followPaths.length === 0;
  if (followPaths.length > 0) {
    const resolved = resolveFollowPaths(source.root, followPaths);
    if (resolved === undefined) isEverything = includes.length === 0;
    else includes.push(...resolved);
  }
  const walk = walkContext({
    root: source.root,
    excludes: usableMatcher(decodedMetadata(call, "exclude-patterns")),
    includes: isEverything ? undefined : createMatcher(includes),
    signal,
  });
  for await (const batch of walk) yield batch.map((entry) => ({ entry, content: undefined }));
}

/** The builder takes size and time for the content's identity, so the time must follow the content. */
function memoryEntry(path: string, content: Buffer): ContextEntry {
  const mtimeMs = createHash("sha256").update(content).digest().readUIntBE(0, 5);
  return { path, kind: "file", permissions: 0o644, size: content.length, mtimeMs };
}

/** Sends what the builder asks for, until it says that it has everything. */
async function answerRequests(
  call: GrpcCall,
  source: SyncSource,
  listed: readonly Listed[],
): Promise<SyncReport> {
  let bytes = 0;
  let files = 0;
  for await (const message of call.messages) {
    const packet = decodePacket(message);
    if (packet.type === packetType.finish) {
      await call.send(encodeFinish());
      return { bytes, files };
    }
    if (packet.type === packetType.error) {
      throw new GrpcFailure(grpcStatus.unknown, packet.data.toString("utf8"));
    }
    if (packet.type !== packetType.request) continue;
    const item = listed[packet.id];
    if (item?.entry.kind !== "file")
      throw new GrpcFailure(grpcStatus.invalidArgument, `no file ${packet.id}`);
    files += 1;
    bytes += await sendFile(call, packet.id, source.kind === "directory" ? source.root : "", item);
  }
  return { bytes, files };
}
