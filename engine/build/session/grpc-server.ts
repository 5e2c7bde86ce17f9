/** A gRPC server on one connection: BuildKit calls back over the stream that the session opened. */
import { performServerHandshake } from "node:http2";
import type { IncomingHttpHeaders, ServerHttp2Session, ServerHttp2Stream } from "node:http2";
import type { Duplex } from "node:stream";
import { encodeStatusMessage, frameMessage, GrpcFailure, grpcStatus, readMessages } from "./grpc.ts";

export interface GrpcCall {
  /** Values of a metadata key, each as sent. */
  metadata(key: string): readonly string[];
  readonly messages: AsyncIterable<Buffer>;
  /** Resolves when more can be taken in. Rejects when the call is over. */
  send(message: Buffer): Promise<void>;
  /** As `send`, for messages that are framed already. */
  sendFrames(frames: Buffer): Promise<void>;
  /** Aborts when the caller goes away. */
  readonly signal: AbortSignal;
}

/** By full method path, e.g. `/grpc.health.v1.Health/Check`. A rejection becomes the call's status. */
export type GrpcMethods = ReadonlyMap<string, (call: GrpcCall) => Promise<void>>;

/** Ignore files can hold hundreds of lines, and each travels as a header of its own. */
const MAX_HEADERS = 65_535;
const MAX_HEADER_BYTES = 16 * 1_048_576;
/** A sender waits while more than this is on its way. */
const MAX_PENDING_BYTES = 262_144;

/** No builder looks at the time of an answer; Node would put it in, and looks up the time zone for it, which takes 3 ms. */
const HEADERS = { ":status": 200, "content-type": "application/grpc", date: "Thu, 01 Jan 1970 00:00:00 GMT" };

/** Serves until the connection ends. `onFailure` learns of every failure of a method. */
export function serveGrpc(
  connection: Duplex,
  methods: GrpcMethods,
  onFailure: (error: unknown) => void,
): ServerHttp2Session {
  const session = performServerHandshake(connection, {
    maxHeaderListPairs: MAX_HEADERS,
    maxSendHeaderBlockLength: MAX_HEADER_BYTES,
    settings: { maxHeaderListSize: MAX_HEADER_BYTES, initialWindowSize: 1_048_576 },
  });
  // The build itself reports a lost connection; unhandled, it would end the process.
  session.on("error", () => undefined);
  session.on("stream", (stream, headers, _flags, ...rest: unknown[]) => {
    void handleStream(stream, headers, rest[0], methods, onFailure);
  });
  return session;
}

async function handleStream(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  rawHeaders: unknown,
  methods: GrpcMethods,
  onFailure: (error: unknown) => void,
): Promise<void> {
  const gone = new AbortController();
  stream.on("error", () => undefined);
  stream.on("close", () => {
    gone.abort();
  });
  let outcome: { readonly status: number; readonly message: string } = { status: grpcStatus.ok, message: "" };
  stream.on("wantTrailers", () => {
    stream.sendTrailers({
      "grpc-status": String(outcome.status),
      ...(outcome.message === "" ? {} : { "grpc-message": encodeStatusMessage(outcome.message) }),
    });
  });
  stream.respond(HEADERS, { waitForTrailers: true });
  const method = methods.get(String(headers[":path"]));
  try {
    if (method === undefined) throw new GrpcFailure(grpcStatus.unimplemented, "not offered");
    await method(createCall(stream, Array.isArray(rawHeaders) ? rawHeaders : [], gone.signal));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    outcome = { status: error instanceof GrpcFailure ? error.status : grpcStatus.unknown, message };
    if (!gone.signal.aborted && method !== undefined) onFailure(error);
  }
  stream.end();
  // Nothing more is read: what the caller still sends must not hold the connection's window.
  stream.resume();
}

function createCall(
  stream: ServerHttp2Stream,
  rawHeaders: readonly unknown[],
  signal: AbortSignal,
): GrpcCall {
  let isCorked = false;
  const uncork = (): void => {
    isCorked = false;
    stream.uncork();
  };
  const sendFrames = async (frames: Buffer): Promise<void> => {
    if (signal.aborted) throw new GrpcFailure(grpcStatus.cancelled, "the call is over");
    if (!isCorked) {
      // What is sent in one turn travels in one go: thousands of small files are thousands of small writes.
      isCorked = true;
      stream.cork();
      setImmediate(uncork);
    }
    stream.write(frames);
    if (stream.writableLength < MAX_PENDING_BYTES) return;
    await new Promise<void>((resolve) => {
      const settle = (): void => {
        stream.off("drain", settle);
        stream.off("close", settle);
        resolve();
      };
      stream.on("drain", settle);
      stream.on("close", settle);
    });
  };
  return {
    metadata: (key) =>
      rawHeaders.flatMap((name, i) => (i % 2 === 0 && name === key ? [String(rawHeaders[i + 1])] : [])),
    // A method that has read enough answers; the stream must outlive its reading.
    messages: readMessages(stream.iterator({ destroyOnReturn: false })),
    send: async (message) => sendFrames(frameMessage(message)),
    sendFrames,
    signal,
  };
}
