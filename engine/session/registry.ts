/** Registry credentials of the user: the Docker configuration file and its helpers. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { dockerConfigDirectory } from "../docker/context.ts";
import { createCredentialHelper } from "../docker/credential-helper.ts";
import { createCredentials, type RegistryCredentials } from "../images/auth.ts";

export interface UserEnvironment {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
}

/** Nothing is read before a registry is spoken to. */
export function userCredentials({ env, home }: UserEnvironment): RegistryCredentials {
  const path = join(dockerConfigDirectory({ env, home }), "config.json");
  return createCredentials({ path, read: () => readIfThere(path), helper: createCredentialHelper(env) });
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}
