/**
 * The list of a context as the builder takes it: one framed message an entry, written straight into one buffer. A
 * context of many thousand files is listed in every build, so each object and copy less for an entry counts.
 */
import type { ContextEntry } from "../walk.ts";
import { withRoom } from "../protobuf.ts";
import { goFileMode } from "./wire.ts";

const FRAME_HEADER_BYTES = 5;
/** Keys and lengths of the message, and its numbers at their longest. */
const FIXED_BYTES = 64;
const MAX_UTF8_BYTES = 3;
/** Of the stat's length: paths and links are far shorter than two megabytes. */
const MAX_LENGTH_BYTES = 3;

export class StatStream {
  #buffer = Buffer.allocUnsafe(98_304);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add(entry: ContextEntry): void {
    const { path, kind, size, linkTarget = "" } = entry;
    this.#reserve(FIXED_BYTES + (path.length + linkTarget.length) * MAX_UTF8_BYTES);
    // The stat comes first, behind the most that stands before it: its length is known only then.
    const begin = this.#length + FRAME_HEADER_BYTES + 1 + MAX_LENGTH_BYTES;
    this.#length = begin;
    this.#text(1, path);
    this.#number(2, goFileMode(entry));
    if (kind === "file") this.#number(5, size);
    this.#time(entry.mtimeMs);
    this.#text(7, linkTarget);
    this.#closeMessage(begin);
  }

  /** What was written since the last time. */
  take(): Buffer {
    const taken = this.#buffer.subarray(0, this.#length);
    this.#buffer = Buffer.allocUnsafe(this.#buffer.length);
    this.#length = 0;
    return taken;
  }

  /** Frame, and field 2 of the packet, with lengths padded to their place: zeros at the end of a varint say nothing. */
  #closeMessage(begin: number): void {
    const stat = this.#length - begin;
    const packet = stat + 1 + MAX_LENGTH_BYTES;
    let at = begin - MAX_LENGTH_BYTES - 1 - FRAME_HEADER_BYTES;
    this.#buffer[at] = 0;
    at = this.#buffer.writeUInt32BE(packet, at + 1);
    this.#buffer[at] = (2 << 3) | 2;
    this.#buffer[at + 1] = (stat & 127) | 128;
    this.#buffer[at + 2] = ((stat >>> 7) & 127) | 128;
    this.#buffer[at + 3] = stat >>> 14;
  }

  #text(field: number, value: string): void {
    if (value === "") return;
    this.#buffer[this.#length++] = (field << 3) | 2;
    // Almost every path is ASCII and shorter than this: then characters are bytes, and the length takes one.
    const written = this.#buffer.write(value, this.#length + 1, "utf8");
    if (written < 128) {
      this.#buffer[this.#length] = written;
      this.#length += 1 + written;
      return;
    }
    this.#varint(written);
    this.#length += this.#buffer.write(value, this.#length, "utf8");
  }

  #number(field: number, value: number): void {
    if (value === 0) return;
    this.#buffer[this.#length++] = field << 3;
    this.#varint(value);
  }

  /** Nanoseconds, which are more than a number holds exactly: in two parts of 14 bits and the rest. */
  #time(ms: number): void {
    const whole = Math.trunc(ms);
    const nanos = Math.round((ms - whole) * 1_000_000);
    this.#buffer[this.#length++] = 6 << 3;
    if (whole < 1) {
      this.#bigVarint(BigInt(whole) * 1_000_000n + BigInt(nanos));
      return;
    }
    // whole * 1e6 + nanos = high * 2^20 + low
    const below = (whole % 1_048_576) * 1_000_000 + nanos;
    const low = below % 1_048_576;
    const high = Math.floor(whole / 1_048_576) * 1_000_000 + Math.floor(below / 1_048_576);
    this.#buffer[this.#length++] = (low & 127) | 128;
    this.#buffer[this.#length++] = ((low >>> 7) & 127) | 128;
    this.#varint(high * 64 + (low >>> 14));
  }

  #bigVarint(value: bigint): void {
    let rest = BigInt.asUintN(64, value);
    for (; rest >= 128n; rest >>= 7n) this.#buffer[this.#length++] = Number(rest & 127n) | 128;
    this.#buffer[this.#length++] = Number(rest);
  }

  #varint(value: number): void {
    let rest = value;
    for (; rest >= 128; rest = Math.floor(rest / 128)) this.#buffer[this.#length++] = (rest % 128) | 128;
    this.#buffer[this.#length++] = rest;
  }

  #reserve(bytes: number): void {
    this.#buffer = withRoom(this.#buffer, this.#length, bytes);
  }
}
