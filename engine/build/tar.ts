/** A tar stream (POSIX ustar with pax records) of a build context, produced at the reader's pace. */
import { open } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { contextFileError } from "./context-error.ts";
import { walkContext, type ContextEntry, type WalkOptions } from "./walk.ts";

export interface ExtraFile {
  readonly path: string;
  readonly content: Buffer;
}

const BLOCK = 512;
const PIECE_BYTES = 262_144;
const END = Buffer.alloc(2 * BLOCK);
/** What the fixed fields can hold. */
const MAX_NAME_BYTES = 100;
const MAX_SIZE = 0o77777777777;

/** The stream fails with the walk's BuildError. Extra files come last and replace what has their path. */
export function contextTar(options: WalkOptions, extra: readonly ExtraFile[]): Readable {
  return Readable.from(pieces(options, extra), { objectMode: false });
}

async function* pieces(options: WalkOptions, extra: readonly ExtraFile[]): AsyncGenerator<Buffer> {
  const replaced = new Set(extra.map((file) => file.path));
  for await (const batch of walkContext(options)) {
    for (const entry of batch) {
      if (replaced.has(entry.path)) continue;
      if (entry.kind === "file") yield* filePieces(options.root, entry);
      else yield header(entry);
    }
  }
  for (const { path, content } of extra) {
    yield header({ path, kind: "file", permissions: 0o644, size: content.length, mtimeMs: 0 });
    yield content;
    yield padding(content.length);
  }
  yield END;
}

/** Exactly as many bytes as the header says, even when the file grows or shrinks meanwhile. */
async function* filePieces(root: string, entry: ContextEntry): AsyncGenerator<Buffer> {
  const file = await open(join(root, entry.path), "r").catch((error: unknown) => {
    throw contextFileError(root, entry.path, error);
  });
  try {
    yield header(entry);
    for (let left = entry.size; left > 0;) {
      const wanted = Math.min(left, PIECE_BYTES);
      const piece = Buffer.alloc(wanted);
      const { bytesRead } = await file.read(piece, 0, wanted, null);
      yield bytesRead === 0 ? piece : piece.subarray(0, bytesRead);
      left -= bytesRead === 0 ? wanted : bytesRead;
    }
    yield padding(entry.size);
  } finally {
    await file.close();
  }
}

function padding(size: number): Buffer {
  return Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);
}

/** The entry's header, after a pax header where a field does not hold its value. */
export function header(entry: ContextEntry): Buffer {
  const name = entry.kind === "directory" ? `${entry.path}/` : entry.path;
  const link = entry.linkTarget ?? "";
  const records: string[] = [];
  if (!fits(name)) records.push(paxRecord("path", name));
  if (!fits(link)) records.push(paxRecord("linkpath", link));
  if (entry.size > MAX_SIZE) records.push(paxRecord("size", String(entry.size)));
  const type = entry.kind === "file" ? "0" : entry.kind === "directory" ? "5" : "2";
  const size = entry.kind === "file" ? Math.min(entry.size, MAX_SIZE) : 0;
  const seconds = Math.max(0, Math.floor(entry.mtimeMs / 1_000));
  const own = block({ name, link, type, size, permissions: entry.permissions, seconds });
  if (records.length === 0) return own;
  const body = Buffer.from(records.join(""), "utf8");
  const pax = block({ name: "pax", link: "", type: "x", size: body.length, permissions: 0o644, seconds: 0 });
  return Buffer.concat([pax, body, padding(body.length), own]);
}

function fits(text: string): boolean {
  return text.length <= MAX_NAME_BYTES && /^[\x20-\x7e]*$/.test(text);
}

/** `LENGTH KEY=VALUE\n`, where the length counts itself. */
function paxRecord(key: string, value: string): string {
  const bytes = Buffer.byteLength(` ${key}=${value}\n`);
  let length = bytes + String(bytes).length;
  if (bytes + String(length).length > length) length += 1;
  return `${length} ${key}=${value}\n`;
}

interface Fields {
  readonly name: string;
  readonly link: string;
  readonly type: string;
  readonly size: number;
  readonly permissions: number;
  readonly seconds: number;
}

function block(fields: Fields): Buffer {
  const buffer = Buffer.alloc(BLOCK);
  const octal = (value: number, offset: number, length: number): void => {
    buffer.write(`${value.toString(8).padStart(length - 1, "0")}\0`, offset, "latin1");
  };
  buffer.write(fields.name, 0, MAX_NAME_BYTES, "utf8");
  octal(fields.permissions, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(fields.size, 124, 12);
  octal(fields.seconds, 136, 12);
  buffer.write("        ", 148, "latin1");
  buffer.write(fields.type, 156, "latin1");
  buffer.write(fields.link, 157, MAX_NAME_BYTES, "utf8");
  buffer.write("ustar\0\x30\x30", 257, "latin1");
  const sum = buffer.reduce((total, byte) => total + byte, 0);
  buffer.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return buffer;
}
