/** Where the program of a provider is. */
import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { RefusedError } from "../error.ts";

export type Variables = Readonly<Record<string, string | undefined>>;

const SYSTEM_PLUGINS = [
  "/usr/local/lib/docker/cli-plugins",
  "/usr/local/libexec/docker/cli-plugins",
  "/usr/lib/docker/cli-plugins",
  "/usr/libexec/docker/cli-plugins",
];

/**
 * A plugin of the Docker command line, `docker-<type>`, else a program `<type>` on the PATH. Rejects with RefusedError
 * when there is neither, and for `compose`, which would be a stack inside itself.
 */
export async function findProvider(type: string, env: Variables): Promise<string> {
  if (type === "compose" || type.includes("/")) throw new RefusedError(`"${type}" is no provider`);
  const programs = (env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const found =
    (await findPlugin(type, env)) ?? (await firstExecutable(programs.map((folder) => join(folder, type))));
  if (found !== undefined) return found;
  throw new RefusedError(`provider ${type} is not installed`, {
    hint: `install the Docker plugin docker-${type}, or a program ${type} on the PATH`,
  });
}

/** The plugin `docker-<name>` of the Docker command line; undefined when it is not installed. */
export function findPlugin(name: string, env: Variables): Promise<string | undefined> {
  const home = env["HOME"];
  const config = env["DOCKER_CONFIG"] ?? (home === undefined ? undefined : join(home, ".docker"));
  const folders = [...(config === undefined ? [] : [join(config, "cli-plugins")]), ...SYSTEM_PLUGINS];
  return firstExecutable(folders.map((folder) => join(folder, `docker-${name}`)));
}

async function firstExecutable(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) if (await isExecutable(path)) return path;
  return undefined;
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    // Any reason means the same here: it cannot be run.
    return false;
  }
}
