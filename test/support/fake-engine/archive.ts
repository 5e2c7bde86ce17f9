/** Archive up and down on the files of fake containers. */
import { posix } from "node:path";
import { Readable } from "node:stream";
import { packTar, unpackTar } from "modern-tar";
import type { PathStat } from "../../../engine/docker/types-system.ts";
import { needContainer, refuse, type World } from "./world.ts";

export async function putArchive(
  world: World,
  reference: string,
  path: string,
  tar: Readable | Buffer,
): Promise<void> {
  const container = needContainer(world, reference, `PUT /containers/${reference}/archive`);
  const bytes = Buffer.isBuffer(tar) ? tar : await read(tar);
  for (const entry of await unpackTar(bytes)) {
    const type = entry.header.type ?? "file";
    if (type === "file") {
      container.files.set(
        posix.join("/", path, entry.header.name),
        Buffer.from(entry.data ?? new Uint8Array()),
      );
    }
  }
  world.notify();
}

/** A file or a directory as tar, named by its base name as the engine does. */
export async function getArchive(world: World, reference: string, path: string): Promise<Readable> {
  const operation = `GET /containers/${reference}/archive`;
  const container = needContainer(world, reference, operation);
  const wanted = posix.join("/", path);
  const base = posix.dirname(wanted);
  const entries = [...container.files]
    .filter(([name]) => name === wanted || name.startsWith(wanted === "/" ? "/" : `${wanted}/`))
    .map(([name, data]) => ({
      header: { name: posix.relative(base, name), size: data.length, type: "file" as const, mode: 0o644 },
      body: new Uint8Array(data),
    }));
  if (entries.length === 0) {
    throw refuse(404, operation, `Could not find the file ${path} in container ${reference}`);
  }
  return Readable.from([Buffer.from(await packTar(entries))]);
}

const DIRECTORY_BIT = 2 ** 31;

export function statPath(world: World, reference: string, path: string): PathStat | undefined {
  const container = needContainer(world, reference, `HEAD /containers/${reference}/archive`);
  const wanted = posix.join("/", path);
  const file = container.files.get(wanted);
  const isDirectory =
    wanted === "/" || [...container.files.keys()].some((name) => name.startsWith(`${wanted}/`));
  if (file === undefined && !isDirectory) return undefined;
  return {
    name: posix.basename(wanted),
    size: file?.length ?? 0,
    mode: file === undefined ? DIRECTORY_BIT + 0o755 : 0o644,
    mtime: container.createdAt.toISOString(),
    linkTarget: "",
  };
}

async function read(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
