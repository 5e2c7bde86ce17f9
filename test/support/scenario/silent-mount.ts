/**
 * A mount that tells of no changes, as network shares and folders shared into virtual machines are: a file system in
 * user space that shows another folder, read only. What changes in that folder changes in the mount, past the kernel.
 * Needs root. Source: linux/fuse.h, protocol 7.31.
 */
import { spawnSync } from "node:child_process";
import { closeSync, openSync, read as readDevice, writeSync } from "node:fs";
import { lstat, open, readdir, readlink, type FileHandle } from "node:fs/promises";
import type { BigIntStats } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const LOOKUP = 1;
const FORGET = 2;
const GETATTR = 3;
const READLINK = 5;
const OPEN = 14;
const READ = 15;
const STATFS = 17;
const RELEASE = 18;
const INIT = 26;
const OPENDIR = 27;
const READDIR = 28;
const RELEASEDIR = 29;
const INTERRUPT = 36;
const BATCH_FORGET = 42;

const ENOENT = 2;
const ENOSYS = 38;
const ROOT = 1n;
const HEADER_IN = 40;
const HEADER_OUT = 16;
const LARGEST_REQUEST = 1024 * 1024;
/** Every read asks the server. */
const DIRECT_IO = 1;

const readFrom = promisify(readDevice);

interface Request {
  readonly opcode: number;
  readonly node: bigint;
  readonly body: Buffer;
}

export class SilentMount {
  readonly #device: number;
  readonly #point: string;
  readonly #paths = new Map<bigint, string>();
  readonly #nodes = new Map<string, bigint>();
  readonly #open = new Map<bigint, FileHandle | readonly string[]>();
  #next = 2n;
  #serving: Promise<void> = Promise.resolve();

  private constructor(device: number, source: string, point: string) {
    this.#device = device;
    this.#point = point;
    this.#paths.set(ROOT, source);
    this.#nodes.set(source, ROOT);
  }

  /** Shows the folder `source` at the folder `point`. Nobody of this process may use the mount synchronously. */
  static of(source: string, point: string): SilentMount {
    const device = openSync("/dev/fuse", "r+");
    const options = "fd=3,rootmode=40000,user_id=0,group_id=0,allow_other,ro";
    const { status, stderr } = spawnSync("mount", ["-i", "-t", "fuse", "-o", options, "silent", point], {
      stdio: ["ignore", "ignore", "pipe", device],
      encoding: "utf8",
    });
    if (status !== 0) {
      closeSync(device);
      throw new Error(`cannot mount ${point}: ${stderr}`);
    }
    const mount = new SilentMount(device, source, point);
    mount.#serving = mount.#serve();
    return mount;
  }

  async end(): Promise<void> {
    // By force: whoever still asks is answered that nobody is there.
    for (const how of ["-f", "-l"]) spawnSync("umount", [how, this.#point]);
    await this.#serving;
    closeSync(this.#device);
  }

  async #serve(): Promise<void> {
    const buffer = Buffer.alloc(LARGEST_REQUEST);
    for (;;) {
      let length: number;
      try {
        ({ bytesRead: length } = await readFrom(this.#device, buffer, 0, buffer.length, null));
      } catch {
        // Unmounted.
        return;
      }
      const request = {
        opcode: buffer.readUInt32LE(4),
        node: buffer.readBigUInt64LE(16),
        body: Buffer.from(buffer.subarray(HEADER_IN, length)),
      };
      if ([FORGET, BATCH_FORGET, INTERRUPT].includes(request.opcode)) continue;
      const unique = buffer.readBigUInt64LE(8);
      await this.#answer(request).then(
        (data) => this.#reply(unique, 0, data),
        () => this.#reply(unique, ENOENT, Buffer.alloc(0)),
      );
    }
  }

  #reply(unique: bigint, error: number, data: Buffer | number): void {
    const body = typeof data === "number" ? Buffer.alloc(0) : data;
    const head = Buffer.alloc(HEADER_OUT);
    head.writeUInt32LE(HEADER_OUT + body.length, 0);
    head.writeInt32LE(-(typeof data === "number" ? data : error), 4);
    head.writeBigUInt64LE(unique, 8);
    try {
      writeSync(this.#device, Buffer.concat([head, body]));
    } catch {
      // Whoever asked is gone.
    }
  }

  /** The answer's body, or an error number. */
  async #answer({ opcode, node, body }: Request): Promise<Buffer | number> {
    const path = this.#paths.get(node) ?? "";
    switch (opcode) {
      case INIT:
        return initAnswer();
      case LOOKUP:
        return this.#lookup(join(path, body.subarray(0, body.indexOf(0)).toString()));
      case GETATTR:
        return Buffer.concat([Buffer.alloc(16), attributes(await lstat(path, { bigint: true }))]);
      case STATFS:
        return Buffer.alloc(80);
      case READLINK:
        return Buffer.from(await readlink(path));
      case OPEN:
        return this.#opened(await open(path, "r"));
      case OPENDIR:
        return this.#opened([".", "..", ...(await readdir(path))]);
      case READ:
        return this.#read(body);
      case READDIR:
        return this.#list(body);
      case RELEASE:
      case RELEASEDIR:
        return this.#release(body.readBigUInt64LE(0));
      default:
        return ENOSYS;
    }
  }

  async #lookup(path: string): Promise<Buffer> {
    const stats = await lstat(path, { bigint: true });
    const node = this.#nodes.get(path) ?? this.#next++;
    this.#nodes.set(path, node);
    this.#paths.set(node, path);
    const entry = Buffer.alloc(40);
    entry.writeBigUInt64LE(node, 0);
    return Buffer.concat([entry, attributes(stats)]);
  }

  #opened(what: FileHandle | readonly string[]): Buffer {
    const handle = this.#next++;
    this.#open.set(handle, what);
    const answer = Buffer.alloc(16);
    answer.writeBigUInt64LE(handle, 0);
    answer.writeUInt32LE(DIRECT_IO, 8);
    return answer;
  }

  async #read(body: Buffer): Promise<Buffer | number> {
    const file = this.#open.get(body.readBigUInt64LE(0));
    if (file === undefined || !("fd" in file)) return ENOENT;
    const wanted = Buffer.alloc(body.readUInt32LE(16));
    const { bytesRead } = await file.read(wanted, 0, wanted.length, Number(body.readBigUInt64LE(8)));
    return wanted.subarray(0, bytesRead);
  }

  #list(body: Buffer): Buffer | number {
    const names = this.#open.get(body.readBigUInt64LE(0));
    if (names === undefined || "fd" in names) return ENOENT;
    const room = body.readUInt32LE(16);
    let answer = Buffer.alloc(0);
    for (let at = Number(body.readBigUInt64LE(8)); at < names.length; at += 1) {
      const name = Buffer.from(names[at] ?? "");
      const entry = Buffer.alloc(Math.ceil((24 + name.length) / 8) * 8);
      // Any number but none: the kernel looks each name up.
      entry.writeBigUInt64LE(1n, 0);
      entry.writeBigUInt64LE(BigInt(at + 1), 8);
      entry.writeUInt32LE(name.length, 16);
      name.copy(entry, 24);
      if (answer.length + entry.length > room) break;
      answer = Buffer.concat([answer, entry]);
    }
    return answer;
  }

  async #release(handle: bigint): Promise<Buffer> {
    const what = this.#open.get(handle);
    this.#open.delete(handle);
    if (what !== undefined && "fd" in what) await what.close();
    return Buffer.alloc(0);
  }
}

function initAnswer(): Buffer {
  const answer = Buffer.alloc(64);
  answer.writeUInt32LE(7, 0);
  answer.writeUInt32LE(31, 4);
  answer.writeUInt32LE(128 * 1024, 20);
  answer.writeUInt32LE(1, 24);
  return answer;
}

/** `struct fuse_attr`; nothing of it may be kept. */
function attributes(stats: BigIntStats): Buffer {
  const answer = Buffer.alloc(88);
  const { ino, size, blocks, atimeNs, mtimeNs, ctimeNs, mode, nlink, uid, gid } = stats;
  const second = 1_000_000_000n;
  const wide = [ino, size, blocks, atimeNs / second, mtimeNs / second, ctimeNs / second];
  for (const [at, value] of wide.entries()) answer.writeBigUInt64LE(value, at * 8);
  const narrow = [atimeNs % second, mtimeNs % second, ctimeNs % second, mode, nlink, uid, gid];
  for (const [at, value] of narrow.entries()) answer.writeUInt32LE(Number(value), 48 + at * 4);
  return answer;
}
