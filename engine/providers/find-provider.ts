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
  const home = env["HOME"];
  const config = env["DOCKER_CONFIG"] ?? (home === undefined ? undefined : join(home, ".docker"));
  const plugins = [...(config === undefined ? [] : [join(config, "cli-plugins")]), ...SYSTEM_PLUGINS];
  const programs = (env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const candidates = [
    ...plugins.map((folder) => join(folder, `docker-${type}`)),
    ...programs.map((folder) => join(folder, type)),
  ];
  for (const path of candidates) if (await isExecutable(path)) return path;
  throw new RefusedError(`provider ${type} is not installed`, {
    hint: `install the Docker plugin docker-${type}, or a program ${type} on the PATH`,
  });
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
