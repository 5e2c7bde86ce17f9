/**
 * The engine's framing of output without a TTY: 8 bytes (stream number, three zeros, big-endian length), payload.
 * Each log line is a frame of its own, so neighbouring frames of one stream are joined: a chunk that is handed on
 * holds as many lines as one read brought, not one.
 */
import { EngineProtocolError } from "../error.ts";
import type { OutputChunk } from "./api.ts";

const HEADER = 8;
const STDERR = 2;
const SYSTEM_ERROR = 3;

/** Decodes chunk by chunk; payloads are handed on as they come, without waiting for a frame's end. */
export class FrameDecoder {
  /** Collects a header that is split over chunks. */
  readonly #header = Buffer.alloc(HEADER);
  #headerLength = 0;
  #stream = 0;
  #remaining = 0;

  /** @throws EngineProtocolError when the bytes are not frames, or the engine reports a failure inside the stream */
  decode(chunk: Buffer): OutputChunk[] {
    const result: OutputChunk[] = [];
    // Payloads only get shorter than the chunk by their headers: one buffer holds them all.
    const joined = Buffer.allocUnsafe(chunk.length);
    let length = 0;
    let from = 0;
    let current = this.#stream;
    let at = 0;
    while (at < chunk.length) {
      if (this.#remaining === 0) {
        at = this.#readHeader(chunk, at);
        continue;
      }
      if (this.#stream !== current) {
        if (length > from) result.push(toChunk(current, joined.subarray(from, length)));
        from = length;
        current = this.#stream;
      }
      const end = Math.min(chunk.length, at + this.#remaining);
      length += chunk.copy(joined, length, at, end);
      this.#remaining -= end - at;
      at = end;
    }
    if (length > from) result.push(toChunk(current, joined.subarray(from, length)));
    return result;
  }

  /** @throws EngineProtocolError when the stream ended inside a frame */
  end(): void {
    if (this.#remaining > 0 || this.#headerLength > 0) {
      throw new EngineProtocolError("the engine's output stream was cut short inside a frame");
    }
  }

  #readHeader(chunk: Buffer, at: number): number {
    if (this.#headerLength === 0 && at + HEADER <= chunk.length) {
      this.#acceptHeader(chunk, at);
      return at + HEADER;
    }
    const taken = chunk.copy(this.#header, this.#headerLength, at, at + HEADER - this.#headerLength);
    this.#headerLength += taken;
    if (this.#headerLength === HEADER) {
      this.#headerLength = 0;
      this.#acceptHeader(this.#header, 0);
    }
    return at + taken;
  }

  #acceptHeader(buffer: Buffer, at: number): void {
    const stream = buffer[at] ?? 0;
    const padding = buffer.readUIntBE(at + 1, 3);
    if (stream > SYSTEM_ERROR || padding !== 0) {
      throw new EngineProtocolError("the engine's output stream is not framed as its content type says");
    }
    this.#stream = stream;
    this.#remaining = buffer.readUInt32BE(at + 4);
  }
}

/** Splits a framed stream; use `passThrough` for one with a TTY. */
export async function* demultiplex(source: AsyncIterable<Buffer>): AsyncGenerator<OutputChunk> {
  const decoder = new FrameDecoder();
  for await (const chunk of source) yield* decoder.decode(chunk);
  decoder.end();
}

/** A stream with a TTY has no frames: everything is stdout. */
export async function* passThrough(source: AsyncIterable<Buffer>): AsyncGenerator<OutputChunk> {
  for await (const data of source) yield { stream: "stdout", data };
}

function toChunk(stream: number, data: Buffer): OutputChunk {
  if (stream === SYSTEM_ERROR) {
    throw new EngineProtocolError(`the engine reports in its output stream: ${data.toString().trim()}`);
  }
  return { stream: stream === STDERR ? "stderr" : "stdout", data };
}
