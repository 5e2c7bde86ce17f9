/** What both ends of gRPC over HTTP/2 share: message frames and status codes. */
import { EngineProtocolError } from "../../error.ts";

export const grpcStatus = {
  ok: 0,
  cancelled: 1,
  unknown: 2,
  invalidArgument: 3,
  notFound: 5,
  permissionDenied: 7,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
} as const;

/** A failure that the other side shall see with this status. */
export class GrpcFailure extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = "GrpcFailure";
    this.status = status;
  }
}

const HEADER_BYTES = 5;

export function frameMessage(message: Buffer): Buffer {
  const frame = Buffer.allocUnsafe(HEADER_BYTES + message.length);
  frame[0] = 0;
  frame.writeUInt32BE(message.length, 1);
  message.copy(frame, HEADER_BYTES);
  return frame;
}

/** Cuts a byte stream into messages, whatever the chunks. Throws EngineProtocolError for compressed messages. */
export async function* readMessages(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let pending: Buffer = Buffer.alloc(0);
  for await (const chunk of stream) {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    let offset = 0;
    while (pending.length - offset >= HEADER_BYTES) {
      const length = pending.readUInt32BE(offset + 1);
      if (pending.length - offset - HEADER_BYTES < length) break;
      if (pending[offset] !== 0) throw new EngineProtocolError("the builder sent a compressed message");
      yield pending.subarray(offset + HEADER_BYTES, offset + HEADER_BYTES + length);
      offset += HEADER_BYTES + length;
    }
    pending = pending.subarray(offset);
  }
}

/** Text of the `grpc-message` trailer: everything but printable ASCII is percent-encoded UTF-8. */
export function encodeStatusMessage(text: string): string {
  return encodeURIComponent(text).replace(/%20/g, " ");
}

export function decodeStatusMessage(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
