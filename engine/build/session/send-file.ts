/** Content of one file, in pieces, at the pace of the receiver. */
import { closeSync, openSync, readSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { contextFileError } from "../context-error.ts";
import type { ContextEntry } from "../walk.ts";
import { frameMessage } from "./grpc.ts";
import type { GrpcCall } from "./grpc-server.ts";
import { encodeData } from "./wire.ts";

/** Up to this size a file is read in one synchronous go: much faster, and short enough to hold nobody up. */
const SMALL_BYTES = 65_536;
const PIECE_BYTES = 262_144;

/** Answers the number of content bytes. Rejects with a BuildError when the file cannot be read. */
export async function sendFile(
  call: GrpcCall,
  id: number,
  root: string,
  item: { readonly entry: ContextEntry; readonly content: Buffer | undefined },
): Promise<number> {
  const end = frameMessage(encodeData(id, Buffer.alloc(0)));
  const { path, size } = item.entry;
  const small = item.content ?? (size <= SMALL_BYTES ? readSmall(root, path, size) : undefined);
  if (small !== undefined) {
    const frames = small.length === 0 ? [end] : [frameMessage(encodeData(id, small)), end];
    await call.sendFrames(Buffer.concat(frames));
    return small.length;
  }
  const sent = await sendPieces(call, id, root, path);
  await call.sendFrames(end);
  return sent;
}

/** Undefined when the file has grown meanwhile. */
function readSmall(root: string, path: string, size: number): Buffer | undefined {
  let file: number | undefined;
  try {
    file = openSync(join(root, path), "r");
    // One byte more than expected tells a file that has grown.
    const buffer = Buffer.allocUnsafe(size + 1);
    const count = readSync(file, buffer, 0, size + 1, 0);
    return count > size ? undefined : buffer.subarray(0, count);
  } catch (error) {
    throw contextFileError(root, path, error);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

async function sendPieces(call: GrpcCall, id: number, root: string, path: string): Promise<number> {
  const file = await open(join(root, path), "r").catch((error: unknown) => {
    throw contextFileError(root, path, error);
  });
  try {
    for (let sent = 0; ;) {
      const piece = Buffer.allocUnsafe(PIECE_BYTES);
      const { bytesRead } = await file.read(piece, 0, PIECE_BYTES, null);
      if (bytesRead === 0) return sent;
      await call.sendFrames(frameMessage(encodeData(id, piece.subarray(0, bytesRead))));
      sent += bytesRead;
    }
  } finally {
    await file.close();
  }
}
