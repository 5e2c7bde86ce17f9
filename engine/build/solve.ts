/**
 * Runs one build on the engine's built-in BuildKit: a Solve call, and beside it the stream of its status.
 * Source: Engine API `POST /grpc`, service `moby.buildkit.v1.Control`.
 */
import { randomBytes } from "node:crypto";
import type { Duplex } from "node:stream";
import { MessageWriter, readFields } from "./protobuf.ts";
import { createGrpcClient, type GrpcClient } from "./session/grpc-client.ts";
import { decodeStatus, type BuildStatus } from "./trace.ts";

export interface CacheEntry {
  /** `registry`, `inline`, ... */
  readonly type: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface SolveRequest {
  readonly sessionId: string;
  readonly frontendAttributes: Readonly<Record<string, string>>;
  readonly exporterAttributes: Readonly<Record<string, string>>;
  readonly cacheFrom: readonly CacheEntry[];
  readonly cacheTo: readonly CacheEntry[];
  readonly entitlements: readonly string[];
}

export const FRONTEND = "dockerfile.v0";
/** Puts the result into the engine's image store, whichever it has. */
const EXPORTER = "moby";
/** The status stream ends by itself with the build; this bounds the wait for it. */
const STATUS_GRACE_MS = 3_000;

/**
 * `control` is the connection of `openControl`, and is closed at the end.
 *
 * Answers what the exporter says (`containerimage.digest`, ...). Rejects with GrpcCallError when the build fails, and
 * with AbortedError when the signal aborts, which cancels the build.
 */
export async function solve(
  control: Duplex,
  request: SolveRequest,
  onStatus: (status: BuildStatus) => void,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const client = createGrpcClient(control);
  const ref = randomBytes(16).toString("hex");
  const statusStop = new AbortController();
  let hasBegun = false;
  const take = (status: BuildStatus): void => {
    hasBegun = true;
    onStatus(status);
  };
  const following = followStatus(client, ref, take, AbortSignal.any([signal, statusStop.signal]));
  try {
    return await runSolve(client, ref, request, signal);
  } finally {
    // A build that was refused before it began never gets a status stream: nothing to wait for.
    const timer = setTimeout(
      () => {
        statusStop.abort();
      },
      hasBegun ? STATUS_GRACE_MS : 0,
    );
    await following;
    clearTimeout(timer);
    client.close();
  }
}

async function runSolve(
  client: GrpcClient,
  ref: string,
  request: SolveRequest,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const result = new Map<string, string>();
  for await (const message of client.call(
    "/moby.buildkit.v1.Control/Solve",
    encodeSolve(ref, request),
    signal,
  )) {
    for (const field of readFields(message)) {
      if (field.number !== 1) continue;
      const entry = [...readFields(field.bytes)];
      const text = (number: number): string =>
        entry.find((one) => one.number === number)?.bytes.toString("utf8") ?? "";
      result.set(text(1), text(2));
    }
  }
  return result;
}

/** Progress alone: a failure of this stream is no failure of the build, whose own call reports what is wrong. */
async function followStatus(
  client: GrpcClient,
  ref: string,
  onStatus: (status: BuildStatus) => void,
  signal: AbortSignal,
): Promise<void> {
  const request = new MessageWriter().text(1, ref).finish();
  try {
    for await (const message of client.call("/moby.buildkit.v1.Control/Status", request, signal)) {
      onStatus(decodeStatus(message));
    }
  } catch {
    return;
  }
}

function encodeSolve(ref: string, request: SolveRequest): Buffer {
  const message = new MessageWriter()
    .text(1, ref)
    .text(3, EXPORTER)
    .map(4, request.exporterAttributes)
    .text(5, request.sessionId)
    .text(6, FRONTEND)
    .map(7, request.frontendAttributes)
    .message(8, (cache) => {
      for (const entry of request.cacheTo) cache.message(4, (one) => writeCacheEntry(one, entry));
      for (const entry of request.cacheFrom) cache.message(5, (one) => writeCacheEntry(one, entry));
    });
  for (const entitlement of request.entitlements) message.text(9, entitlement);
  return message.finish();
}

function writeCacheEntry(message: MessageWriter, entry: CacheEntry): void {
  message.text(1, entry.type).map(2, entry.attributes);
}
