/** As much of the Protocol Buffers wire format as BuildKit's messages need: varints, bytes, text, messages, maps. */
import { EngineProtocolError } from "../error.ts";

export interface Field {
  readonly number: number;
  /** Value of a varint field; 0 for others. */
  readonly value: bigint;
  /** Content of a length-delimited field; empty for others. */
  readonly bytes: Buffer;
}

const EMPTY = Buffer.alloc(0);
const VARINT = 0;
const FIXED64 = 1;
const DELIMITED = 2;
const FIXED32 = 5;

/** The fields of a message in their order. Throws EngineProtocolError when the message is cut short. */
export function* readFields(message: Buffer): Generator<Field> {
  let offset = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = message[offset];
      if (byte === undefined || shift > 63n)
        throw new EngineProtocolError("a message of the builder is cut short");
      offset += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (offset < message.length) {
    const key = Number(varint());
    const number = key >>> 3;
    const type = key & 7;
    if (type === VARINT) yield { number, value: BigInt.asIntN(64, varint()), bytes: EMPTY };
    else {
      const length = type === DELIMITED ? Number(varint()) : fixedLength(type);
      if (offset + length > message.length)
        throw new EngineProtocolError("a message of the builder is cut short");
      const bytes = message.subarray(offset, offset + length);
      offset += length;
      yield { number, value: 0n, bytes };
    }
  }
}

function fixedLength(type: number): number {
  if (type === FIXED64) return 8;
  if (type === FIXED32) return 4;
  throw new EngineProtocolError(`a message of the builder has a field of unknown type ${type}`);
}

/** Milliseconds since the epoch (fractions kept) of a `google.protobuf.Timestamp`. */
export function readTimestamp(message: Buffer): number {
  let seconds = 0n;
  let nanos = 0n;
  for (const field of readFields(message)) {
    if (field.number === 1) seconds = field.value;
    else if (field.number === 2) nanos = field.value;
  }
  return Number(seconds) * 1_000 + Number(nanos) / 1_000_000;
}

const START_BYTES = 256;
const MAX_VARINT_BYTES = 10;

/** The buffer, or where less than `bytes` are free behind its first `length` bytes, a larger one that begins with them. */
export function withRoom(buffer: Buffer<ArrayBuffer>, length: number, bytes: number): Buffer<ArrayBuffer> {
  const needed = length + bytes;
  if (needed <= buffer.length) return buffer;
  const larger = Buffer.allocUnsafe(Math.max(needed, buffer.length * 2));
  buffer.copy(larger, 0, 0, length);
  return larger;
}

/** Collects the fields of one message. Empty texts and zeros are left out, as the format's defaults. */
export class MessageWriter {
  #buffer = Buffer.allocUnsafe(START_BYTES);
  #length = 0;

  number(field: number, value: number | bigint): this {
    if (value === 0 || value === 0n) return this;
    this.#varint((field << 3) | VARINT);
    this.#varint(value);
    return this;
  }

  text(field: number, value: string | undefined): this {
    if (value === undefined || value === "") return this;
    const length = Buffer.byteLength(value, "utf8");
    this.#varint((field << 3) | DELIMITED);
    this.#varint(length);
    this.#reserve(length);
    this.#length += this.#buffer.write(value, this.#length, "utf8");
    return this;
  }

  /** Written even when empty. */
  bytes(field: number, value: Buffer): this {
    this.#varint((field << 3) | DELIMITED);
    this.#varint(value.length);
    this.#reserve(value.length);
    this.#length += value.copy(this.#buffer, this.#length);
    return this;
  }

  message(field: number, write: (inner: MessageWriter) => unknown): this {
    const inner = new MessageWriter();
    write(inner);
    return this.bytes(field, inner.finish());
  }

  map(field: number, entries: Readonly<Record<string, string>>): this {
    for (const [key, value] of Object.entries(entries)) {
      this.message(field, (entry) => entry.text(1, key).text(2, value));
    }
    return this;
  }

  finish(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  #reserve(bytes: number): void {
    this.#buffer = withRoom(this.#buffer, this.#length, bytes);
  }

  /** Negative numbers as 64-bit two's complement, as the format has them. */
  #varint(value: number | bigint): void {
    this.#reserve(MAX_VARINT_BYTES);
    if (typeof value === "number" && value >= 0) {
      let rest = value;
      while (rest >= 128) {
        this.#buffer[this.#length++] = (rest % 128) | 128;
        rest = Math.floor(rest / 128);
      }
      this.#buffer[this.#length++] = rest;
      return;
    }
    let rest = BigInt.asUintN(64, BigInt(value));
    while (rest >= 128n) {
      this.#buffer[this.#length++] = Number(rest & 127n) | 128;
      rest >>= 7n;
    }
    this.#buffer[this.#length++] = Number(rest);
  }
}
