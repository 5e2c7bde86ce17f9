/** Docker contexts: which one is current, and what it points to. Read as the Docker CLI stores them. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { UsageError } from "../error.ts";
import type { Environment } from "./agents.ts";
import { parseEndpoint, type Endpoint, type TlsMaterial } from "./endpoint.ts";

/** The text of a file, or undefined when there is none. */
export type ReadText = (path: string) => Promise<string | undefined>;

export interface ContextInput {
  readonly env: Environment;
  readonly home: string;
  readonly readText: ReadText;
}

interface ContextMeta {
  readonly Endpoints?: {
    readonly docker?: { readonly Host?: string; readonly SkipTLSVerify?: boolean };
  };
}

/** Where the Docker CLI keeps its configuration: `DOCKER_CONFIG`, else `~/.docker`. */
export function dockerConfigDirectory({ env, home }: Pick<ContextInput, "env" | "home">): string {
  const configured = env["DOCKER_CONFIG"];
  return configured === undefined || configured === "" ? join(home, ".docker") : configured;
}

/** `currentContext` of config.json; undefined when none is set, or when it is the default one. */
export async function readCurrentContext(input: ContextInput): Promise<string | undefined> {
  const name = await readSetting(input, "currentContext");
  return name === "default" ? undefined : name;
}

/**
 * A text of the Docker CLI's config.json; undefined when it is not set.
 * @throws UsageError when the file is not JSON
 */
export async function readSetting(
  input: ContextInput,
  key: "currentContext" | "detachKeys" | "psFormat",
): Promise<string | undefined> {
  const { [key]: value } = await readConfig(input);
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A mapping of the same file; empty when it is not set. Throws as `readSetting`. */
export async function readObjectSetting(
  input: ContextInput,
  key: "proxies",
): Promise<Readonly<Record<string, unknown>>> {
  const { [key]: value } = await readConfig(input);
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

async function readConfig(input: ContextInput): Promise<Partial<Record<string, unknown>>> {
  const path = join(dockerConfigDirectory(input), "config.json");
  const text = await input.readText(path);
  return text === undefined ? {} : parseFile<Record<string, unknown>>(path, text);
}

/** @throws UsageError when there is no such context, or when it has no engine */
export async function readContext(name: string, input: ContextInput): Promise<Endpoint> {
  const root = join(dockerConfigDirectory(input), "contexts");
  const id = createHash("sha256").update(name).digest("hex");
  const path = join(root, "meta", id, "meta.json");
  const text = await input.readText(path);
  if (text === undefined) {
    throw new UsageError(`there is no docker context named "${name}"`, {
      hint: "`docker context ls` lists them; `docker context use default` goes back to the local engine",
    });
  }
  const engine = parseFile<ContextMeta>(path, text).Endpoints?.docker;
  if (engine?.Host === undefined || engine.Host === "") {
    throw new UsageError(`the docker context "${name}" names no engine`, { hint: `see ${path}` });
  }
  const tls = await readTls(join(root, "tls", id, "docker"), engine.SkipTLSVerify !== true, input.readText);
  return parseEndpoint(engine.Host, tls);
}

/** The three PEM files of a directory; undefined when there is none of them. */
export async function readTls(
  directory: string,
  verify: boolean,
  readText: ReadText,
): Promise<TlsMaterial | undefined> {
  const files = ["ca.pem", "cert.pem", "key.pem"].map((name) => readText(join(directory, name)));
  const [ca, cert, key] = await Promise.all(files);
  if (ca === undefined && cert === undefined && key === undefined) return undefined;
  return { ca, cert, key, verify };
}

function parseFile<T extends object>(path: string, text: string): Partial<T> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : {};
  } catch (cause) {
    throw new UsageError(`${path} is not JSON`, {
      cause,
      hint: "correct it, or name the engine with --host",
    });
  }
}
