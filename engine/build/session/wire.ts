/** Messages of BuildKit's file synchronisation (package `fsutil.types`). */
import { MessageWriter, readFields } from "../protobuf.ts";
import type { ContextEntry } from "../walk.ts";

export const packetType = { stat: 0, request: 1, data: 2, finish: 3, error: 4 } as const;

export interface Packet {
  readonly type: number;
  readonly id: number;
  readonly data: Buffer;
}

export function decodePacket(message: Buffer): Packet {
  let type = 0;
  let id = 0;
  let data: Buffer = Buffer.alloc(0);
  for (const field of readFields(message)) {
    if (field.number === 1) type = Number(field.value);
    else if (field.number === 3) id = Number(field.value);
    else if (field.number === 4) data = field.bytes;
  }
  return { type, id, data };
}

/** A stat packet without a stat ends the list. */
export function encodeListEnd(): Buffer {
  return new MessageWriter().finish();
}

/** Empty data ends the file. */
export function encodeData(id: number, data: Buffer): Buffer {
  const packet = new MessageWriter().number(1, packetType.data).number(3, id);
  return (data.length === 0 ? packet : packet.bytes(4, data)).finish();
}

export function encodeFinish(): Buffer {
  return new MessageWriter().number(1, packetType.finish).finish();
}

export function encodeError(message: string): Buffer {
  return new MessageWriter().number(1, packetType.error).text(4, message).finish();
}

const GO_DIRECTORY = 0x8000_0000;
const GO_SYMLINK = 0x0800_0000;
const GO_SETUID = 0x0080_0000;
const GO_SETGID = 0x0040_0000;
const GO_STICKY = 0x0010_0000;

/** Go numbers the file type and the special bits in its own way. */
export function goFileMode(entry: ContextEntry): number {
  const { permissions, kind } = entry;
  let mode = permissions & 0o777;
  if ((permissions & 0o4000) !== 0) mode += GO_SETUID;
  if ((permissions & 0o2000) !== 0) mode += GO_SETGID;
  if ((permissions & 0o1000) !== 0) mode += GO_STICKY;
  if (kind === "directory") mode += GO_DIRECTORY;
  if (kind === "symlink") mode += GO_SYMLINK;
  return mode;
}
