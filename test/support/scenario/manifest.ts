/** What a tree holds, path by path, so that a tree on the host and one in a container can be compared whole. */
import { createHash } from "node:crypto";
import { lstat, readdir, readFile, readlink } from "node:fs/promises";
import { join, relative } from "node:path";
import { unpackTar } from "modern-tar";
import { getBytes } from "./engine-socket.ts";

/** `d 755`, `f 644 <hash>` or `l <link>`, by path relative to the tree's root; without the root itself. */
export type Manifest = Readonly<Record<string, string>>;

export async function hostManifest(root: string): Promise<Manifest> {
  const found: [string, string][] = [];
  const walk = async (directory: string): Promise<void> => {
    for (const name of await readdir(directory)) {
      const full = join(directory, name);
      const path = relative(root, full);
      const stats = await lstat(full);
      const mode = (stats.mode & 0o7777).toString(8);
      if (stats.isSymbolicLink()) found.push([path, `l ${await readlink(full)}`]);
      else if (stats.isDirectory()) found.push([path, `d ${mode}`]);
      else found.push([path, `f ${mode} ${hash(await readFile(full))}`]);
      if (stats.isDirectory()) await walk(full);
    }
  };
  await walk(root);
  return sorted(found);
}

/** Past the product, by the engine's archive: works without a shell in the image. */
export async function containerManifest(id: string, root: string): Promise<Manifest> {
  const entries = await readTree(id, root);
  const found = entries.map(({ header, data }): [string, string] => {
    const path = header.name.split("/").slice(1).join("/").replace(/\/$/, "");
    const mode = ((header.mode ?? 0) & 0o7777).toString(8);
    if (header.type === "symlink") return [path, `l ${header.linkname ?? ""}`];
    if (header.type === "directory") return [path, `d ${mode}`];
    return [path, `f ${mode} ${hash(data ?? new Uint8Array())}`];
  });
  return sorted(found.filter(([path]) => path !== ""));
}

/** A file of a container as text; undefined when there is none. */
export async function containerFile(id: string, path: string): Promise<string | undefined> {
  const [entry] = await readTree(id, path);
  return entry === undefined ? undefined : Buffer.from(entry.data ?? new Uint8Array()).toString("utf8");
}

/** `uid:gid` of a file of a container. */
export async function containerOwner(id: string, path: string): Promise<string | undefined> {
  const [entry] = await readTree(id, path);
  return entry === undefined ? undefined : `${entry.header.uid}:${entry.header.gid}`;
}

async function readTree(id: string, path: string): ReturnType<typeof unpackTar> {
  const bytes = await getBytes(`/containers/${id}/archive?path=${encodeURIComponent(path)}`);
  return bytes === undefined ? [] : unpackTar(bytes);
}

function hash(content: Uint8Array): string {
  return createHash("sha1").update(content).digest("hex").slice(0, 12);
}

function sorted(entries: [string, string][]): Manifest {
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
