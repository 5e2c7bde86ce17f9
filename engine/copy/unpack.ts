/**
 * A container's tar onto the host. A container is not trusted: nothing is written outside the given root. Symbolic
 * links come out as they are, wherever they point, and are made last, so that nothing is written through one.
 */
import { createWriteStream } from "node:fs";
import { chmod, link, lchown, lstat, mkdir, realpath, rm, symlink, utimes } from "node:fs/promises";
import { basename, dirname, join, posix, sep } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { createTarDecoder, type TarHeader } from "modern-tar";
import { RefusedError } from "../error.ts";

export interface UnpackOptions {
  /** Absolute directory that is there. */
  readonly root: string;
  /** New name of an entry, relative to the root; undefined leaves it out. */
  readonly rename: (name: string) => string | undefined;
  /** Give files the user and group that they have in the container. */
  readonly keepOwner: boolean;
}

/** Rejects with RefusedError for what does not belong into the root, and with the file system's error. */
export async function unpackTo(tar: Readable, options: UnpackOptions): Promise<void> {
  await new Unpacking(options, await realpath(options.root)).run(tar);
}

class Unpacking {
  readonly #options: UnpackOptions;
  readonly #root: string;
  readonly #later: (() => Promise<void>)[] = [];

  constructor(options: UnpackOptions, root: string) {
    this.#options = options;
    this.#root = root;
  }

  async run(tar: Readable): Promise<void> {
    // The same streams by the names of the web and of Node.
    const source = Readable.toWeb(tar) as ReadableStream<Uint8Array>;
    const entries = source.pipeThrough<Entry>(createTarDecoder());
    for await (const { header, body } of entries) {
      await this.#take(header, body);
    }
    for (const work of this.#later) await work();
  }

  async #take(header: TarHeader, body: ReadableStream<Uint8Array>): Promise<void> {
    const name = this.#options.rename(posix.normalize(header.name).replace(/\/$/, ""));
    if (name === undefined) return body.cancel();
    const path = await this.#place(name);
    switch (header.type ?? "file") {
      case "file":
        await rm(path, { force: true });
        await pipeline(Readable.fromWeb(body), createWriteStream(path, { flags: "wx" }));
        return this.#finish(path, header, true);
      case "directory":
        await makeDirectory(path);
        break;
      case "symlink":
        this.#later.push(() => replace(path, () => symlink(header.linkname ?? "", path)));
        break;
      case "link": {
        const target = this.#options.rename(posix.normalize(header.linkname ?? ""));
        if (target !== undefined) {
          const original = await this.#place(target);
          this.#later.push(() => replace(path, () => link(original, path)));
        }
        break;
      }
      default:
        // Devices and pipes mean nothing here.
        break;
    }
    await body.cancel();
    // Modes last: a directory that may not be written to still gets its files.
    if (header.type === "directory") this.#later.unshift(() => this.#finish(path, header, true));
    if (header.type === "symlink") this.#later.push(() => this.#finish(path, header, false));
  }

  /** The path of an entry, in a directory that is there and not outside. */
  async #place(name: string): Promise<string> {
    if (name.split("/").includes("..") || name.startsWith("/")) {
      throw new RefusedError(`the container's archive has a path that leads outside: ${name}`);
    }
    const path = join(this.#root, name);
    const folder = dirname(path);
    await mkdir(folder, { recursive: true });
    const real = await realpath(folder);
    if (real !== this.#root && !real.startsWith(this.#root.endsWith(sep) ? this.#root : this.#root + sep)) {
      throw new RefusedError(`${folder} is a symbolic link that leads out of ${this.#root}`);
    }
    return join(real, basename(path));
  }

  async #finish(path: string, { mode, mtime, uid, gid }: TarHeader, isReal: boolean): Promise<void> {
    if (this.#options.keepOwner) await lchown(path, uid ?? 0, gid ?? 0);
    if (!isReal) return;
    if (mode !== undefined) await chmod(path, mode & 0o777);
    if (mtime !== undefined) await utimes(path, mtime, mtime);
  }
}

interface Entry {
  readonly header: TarHeader;
  readonly body: ReadableStream<Uint8Array>;
}

async function makeDirectory(path: string): Promise<void> {
  const there = await lstat(path).catch(() => undefined);
  if (there?.isDirectory() === true) return;
  if (there !== undefined) {
    throw new RefusedError(`${path} is no directory, and a directory is to be copied there`);
  }
  await mkdir(path);
}

async function replace(path: string, make: () => Promise<void>): Promise<void> {
  await rm(path, { force: true });
  await make();
}
