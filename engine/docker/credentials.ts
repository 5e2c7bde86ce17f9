/** Registry credentials as `docker login` left them: the configuration file, and the helpers that it names. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../error.ts";
import { createCredentials, type RegistryCredentials } from "../images/auth.ts";
import { dockerConfigDirectory } from "./context.ts";
import { createCredentialHelper } from "./credential-helper.ts";

/** `env` is read for DOCKER_CONFIG and handed to helpers. Neither file nor helper is touched before somebody asks. */
export function openDockerCredentials(
  env: Readonly<Record<string, string | undefined>>,
  home: string,
): RegistryCredentials {
  const path = join(dockerConfigDirectory({ env, home }), "config.json");
  return createCredentials({ path, read: () => readConfig(path), helper: createCredentialHelper(env) });
}

function readConfig(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new UsageError(`cannot read ${path}: ${message}`, { cause });
  }
}
