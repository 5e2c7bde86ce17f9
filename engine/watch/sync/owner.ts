/**
 * Who owns what is written into a container: the user that its processes run as, so that they can change it.
 * Source: Engine API `Config.User` (`user`, `uid`, `user:group`, `uid:gid`); passwd(5) and group(5) in the container.
 */
import { unpackTar } from "modern-tar";
import type { EngineApi } from "../../docker/api.ts";
import { isNotFound } from "../../error.ts";

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

export const ROOT_OWNER: Owner = { uid: 0, gid: 0 };

/** Names are looked up in the container's own files. One that is not there counts as root. */
export async function findOwner(engine: EngineApi, container: string, user: string): Promise<Owner> {
  const [name = "", group] = user.split(":", 2);
  if (name === "" || (name === "root" && group === undefined)) return ROOT_OWNER;
  const uid = toId(name);
  const gid = group === undefined ? undefined : toId(group);
  if (uid !== undefined && gid !== undefined) return { uid, gid };
  const account = findEntry(await readSmallFile(engine, container, "/etc/passwd"), name, uid);
  const ownGroup = toId(account?.[3] ?? "") ?? 0;
  if (group === undefined || group === "") {
    return { uid: uid ?? toId(account?.[2] ?? "") ?? 0, gid: ownGroup };
  }
  const named =
    gid === undefined ? findEntry(await readSmallFile(engine, container, "/etc/group"), group, gid) : [];
  return { uid: uid ?? toId(account?.[2] ?? "") ?? 0, gid: gid ?? toId(named?.[2] ?? "") ?? ownGroup };
}

function toId(text: string): number | undefined {
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

function findEntry(text: string, name: string, id: number | undefined): readonly string[] | undefined {
  return text
    .split("\n")
    .map((line) => line.split(":"))
    .find((fields) => fields[0] === name || (id !== undefined && fields[2] === String(id)));
}

async function readSmallFile(engine: EngineApi, container: string, path: string): Promise<string> {
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of await engine.getArchive(container, path)) chunks.push(Buffer.from(chunk));
    const [entry] = await unpackTar(Buffer.concat(chunks));
    return Buffer.from(entry?.data ?? new Uint8Array()).toString("utf8");
  } catch (error) {
    if (isNotFound(error)) return "";
    throw error;
  }
}
