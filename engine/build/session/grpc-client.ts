/** gRPC calls over one hijacked connection: BuildKit's control API. */
import { connect, constants } from "node:http2";
import type { ClientHttp2Session, ClientHttp2Stream } from "node:http2";
import type { Duplex } from "node:stream";
import { AbortedError, EngineProtocolError } from "../../error.ts";
import { decodeStatusMessage, frameMessage, grpcStatus, readMessages } from "./grpc.ts";

/** A call ended with a status other than OK. `details` is the binary `grpc-status-details-bin`, where sent. */
export class GrpcCallError extends EngineProtocolError {
  readonly status: number;
  readonly details: Buffer | undefined;

  constructor(status: number, message: string, details: Buffer | undefined) {
    super(message);
    this.status = status;
    this.details = details;
  }
}

export interface GrpcClient {
  /** A call with one request. Ends with GrpcCallError unless the status is OK, and with AbortedError on abort. */
  call(
    method: string,
    request: Buffer,
    signal?: AbortSignal,
    metadata?: Readonly<Record<string, string>>,
  ): AsyncGenerator<Buffer>;
  close(): void;
}

const WINDOW_BYTES = 1_048_576;

export function createGrpcClient(connection: Duplex): GrpcClient {
  const session = connect("http://engine", {
    createConnection: () => connection,
    settings: { initialWindowSize: WINDOW_BYTES, enablePush: false },
  });
  // Each open call sees the loss of the connection by itself.
  session.on("error", () => undefined);
  return {
    call: (method, request, signal, metadata) => runCall(session, { method, request, metadata }, signal),
    close: () => {
      session.destroy();
      connection.destroy();
    },
  };
}

interface Call {
  readonly method: string;
  readonly request: Buffer;
  readonly metadata: Readonly<Record<string, string>> | undefined;
}

async function* runCall(
  session: ClientHttp2Session,
  { method, request, metadata }: Call,
  signal: AbortSignal | undefined,
): AsyncGenerator<Buffer> {
  if (isAborted(signal)) throw new AbortedError();
  const stream = session.request({
    ":method": "POST",
    ":path": method,
    "content-type": "application/grpc",
    te: "trailers",
    ...metadata,
  });
  const status = watchStatus(stream);
  const onAbort = (): void => {
    stream.close(constants.NGHTTP2_CANCEL);
  };
  signal?.addEventListener("abort", onAbort, { once: true });
  try {
    stream.end(frameMessage(request));
    yield* readMessages(stream);
    status.check();
  } catch (error) {
    if (isAborted(signal)) throw new AbortedError();
    throw error instanceof EngineProtocolError ? error : lostConnection(error);
  } finally {
    signal?.removeEventListener("abort", onAbort);
    if (!stream.closed) stream.close(constants.NGHTTP2_CANCEL);
  }
  if (isAborted(signal)) throw new AbortedError();
}

function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

function lostConnection(cause: unknown): EngineProtocolError {
  return new EngineProtocolError("the connection to the engine's builder was lost", { cause });
}

/** The status comes in the trailers, or in the headers when there is no message at all. */
function watchStatus(stream: ClientHttp2Stream): { readonly check: () => void } {
  let headers: Record<string, unknown> = {};
  const take = (received: object): void => {
    headers = { ...headers, ...received };
  };
  stream.on("response", take);
  stream.on("trailers", take);
  return {
    check: () => {
      const text = headers["grpc-status"];
      if (typeof text !== "string") throw lostConnection(undefined);
      const status = Number(text);
      if (status === grpcStatus.ok) return;
      const written = headers["grpc-message"];
      const message = typeof written === "string" ? decodeStatusMessage(written) : `status ${status}`;
      const details = headers["grpc-status-details-bin"];
      throw new GrpcCallError(
        status,
        message,
        typeof details === "string" ? Buffer.from(details, "base64") : undefined,
      );
    },
  };
}
