/** Where a build's secrets and ssh agents come from. Whether they are there is told
 * at once, values are read only when a step asks for them. */
import { accessSync, constants } from "node:fs";
import { readFile } from "node:fs/promises";
import { BuildError } from "../error.ts";
import type { BuildContext } from "./context.ts";
import type { BuildRequest } from "./request.ts";
import type { AgentConnector } from "./session/ssh-forward.ts";

const SSH_AGENT_VARIABLE = "SSH_AUTH_SOCK";

/**
 * By the id that the Dockerfile uses. Throws BuildError for a secret that the stack does not define, that has no
 * source or that cannot be read.
 */
export function secretSources(
  request: BuildRequest,
  context: Pick<BuildContext, "secrets" | "env">,
): ReadonlyMap<string, () => Promise<Buffer>> {
  const sources = new Map<string, () => Promise<Buffer>>();
  for (const { source, target } of request.build.secrets ?? []) {
    sources.set(target ?? source, secretSource(source, context));
  }
  return sources;
}

function secretSource(name: string, context: Pick<BuildContext, "secrets" | "env">): () => Promise<Buffer> {
  const secret = context.secrets[name];
  if (secret === undefined) throw new BuildError(`build.secrets: there is no secret "${name}" in the stack`);
  const { file, content, environment } = secret;
  if (file !== undefined) {
    checkReadable(name, file);
    return async () => readSecretFile(name, file);
  }
  const value = content ?? (environment === undefined ? undefined : context.env[environment]);
  if (value !== undefined) return () => Promise.resolve(Buffer.from(value, "utf8"));
  throw new BuildError(
    environment === undefined
      ? `build.secrets: secret "${name}" has neither file nor environment`
      : `build.secrets: secret "${name}" needs the environment variable ${environment}, which is not set`,
  );
}

function checkReadable(name: string, path: string): void {
  try {
    accessSync(path, constants.R_OK);
  } catch (error) {
    throw secretFileError(name, path, error);
  }
}

async function readSecretFile(name: string, path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw secretFileError(name, path, error);
  }
}

function secretFileError(name: string, path: string, cause: unknown): BuildError {
  const { code, message } = cause as NodeJS.ErrnoException;
  const known = new Map([
    ["ENOENT", "the file does not exist"],
    ["EISDIR", "it is a directory"],
    ["EACCES", "permission denied"],
  ]);
  const reason = known.get(code ?? "") ?? message;
  return new BuildError(`cannot read secret "${name}" from ${path}: ${reason}`, { cause });
}

/** `default` or `id` takes the running agent, `id=path` the agent at a socket. Throws BuildError without an agent. */
export function sshSources(
  request: BuildRequest,
  context: Pick<BuildContext, "env" | "connectAgent">,
): ReadonlyMap<string, AgentConnector> {
  const agents = new Map<string, AgentConnector>();
  for (const item of request.build.ssh ?? []) {
    const equals = item.indexOf("=");
    const id = equals < 0 ? item : item.slice(0, equals);
    const path = (equals < 0 ? "" : item.slice(equals + 1)) || context.env[SSH_AGENT_VARIABLE];
    if (path === undefined || path === "") {
      throw new BuildError(`build.ssh: no ssh agent runs (${SSH_AGENT_VARIABLE} is not set)`, {
        hint: "start one with ssh-agent, and add the key with ssh-add",
      });
    }
    agents.set(id, async () => context.connectAgent(path));
  }
  return agents;
}
