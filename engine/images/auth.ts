/**
 * Credentials for registries, from the Docker configuration file: `auths`, `credsStore` and per-registry
 * `credHelpers`. Nothing is read before somebody asks. Spawning a helper is the caller's (engine/docker).
 */
import { UsageError } from "../error.ts";
import { authKey } from "./reference.ts";

export interface RegistryAuth {
  readonly username: string;
  readonly password: string;
  /** Instead of user and password, where a registry issued one. */
  readonly identityToken?: string;
  /** Server as stored, e.g. `https://index.docker.io/v1/`. */
  readonly serverAddress: string;
}

/** What a credential helper answers; undefined: it knows no credentials for the server. */
export interface HelperCredentials {
  readonly username: string;
  readonly secret: string;
}

export type CredentialHelper = (
  name: string,
  serverAddress: string,
  signal?: AbortSignal,
) => Promise<HelperCredentials | undefined>;

export interface RegistryCredentials {
  /** Credentials of a registry host; undefined: none are stored, go on anonymously. */
  forHost(host: string, signal?: AbortSignal): Promise<RegistryAuth | undefined>;
  /** Everything that is stored in the file itself plus every registry with its own helper, for the classic builder. */
  all(signal?: AbortSignal): Promise<readonly RegistryAuth[]>;
}

export interface CredentialSource {
  /** Text of the Docker configuration file, undefined where there is none. Called at most once. */
  readonly read: () => string | undefined;
  /** For messages. */
  readonly path: string;
  readonly helper: CredentialHelper;
}

interface DockerConfig {
  readonly auths: Readonly<Record<string, StoredAuth>>;
  readonly store: string | undefined;
  readonly helpers: Readonly<Record<string, string>>;
}

interface StoredAuth {
  readonly auth?: string;
  readonly username?: string;
  readonly password?: string;
  readonly identitytoken?: string;
}

/** A helper answers this user name when the secret is an identity token. */
const TOKEN_USER = "<token>";

export const anonymous: RegistryCredentials = {
  forHost: () => Promise.resolve(undefined),
  all: () => Promise.resolve([]),
};

/** Rejects with a UsageError when the file is not valid, and with the helper's error when a helper fails. */
export function createCredentials(source: CredentialSource): RegistryCredentials {
  let config: DockerConfig | undefined;
  const load = (): DockerConfig => (config ??= parseDockerConfig(source.read(), source.path));
  const forKey = async (key: string, signal?: AbortSignal): Promise<RegistryAuth | undefined> => {
    const { auths, store, helpers } = load();
    const helper = helpers[key] ?? helpers[hostOf(key)] ?? store;
    if (helper !== undefined && helper !== "") {
      const found = await source.helper(helper, key, signal);
      if (found !== undefined) return fromHelper(found, key);
    }
    return fromFile(auths, key);
  };
  return {
    forHost: async (host, signal) => forKey(authKey(host), signal),
    all: async (signal) => {
      const { auths, helpers } = load();
      const keys = [...new Set([...Object.keys(auths), ...Object.keys(helpers)])];
      const found = await Promise.all(keys.map(async (key) => forKey(key, signal)));
      return found.filter((auth) => auth !== undefined);
    },
  };
}

function parseDockerConfig(text: string | undefined, path: string): DockerConfig {
  if (text === undefined || text.trim() === "") return { auths: {}, store: undefined, helpers: {} };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new UsageError(`${path} is not valid JSON`, {
      hint: "registry credentials are read from it",
      cause,
    });
  }
  const root = asRecord(json);
  const helpers = Object.entries(asRecord(root["credHelpers"])).filter(isTextEntry);
  const store = root["credsStore"];
  return {
    auths: Object.fromEntries(Object.entries(asRecord(root["auths"])).map(([k, v]) => [k, asRecord(v)])),
    store: typeof store === "string" ? store : undefined,
    helpers: Object.fromEntries(helpers),
  };
}

function isTextEntry(entry: [string, unknown]): entry is [string, string] {
  return typeof entry[1] === "string";
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function fromHelper(found: HelperCredentials, serverAddress: string): RegistryAuth {
  if (found.username !== TOKEN_USER) {
    return { username: found.username, password: found.secret, serverAddress };
  }
  return { username: "", password: "", identityToken: found.secret, serverAddress };
}

/** Keys in the file may carry a scheme and a path (`https://ghcr.io/v2/`); the host decides. */
function fromFile(auths: DockerConfig["auths"], key: string): RegistryAuth | undefined {
  const exact = auths[key];
  const stored = exact ?? Object.entries(auths).find(([name]) => hostOf(name) === hostOf(key))?.[1];
  if (stored === undefined) return undefined;
  if (typeof stored.identitytoken === "string" && stored.identitytoken !== "") {
    return { username: "", password: "", identityToken: stored.identitytoken, serverAddress: key };
  }
  const decoded = typeof stored.auth === "string" ? Buffer.from(stored.auth, "base64").toString("utf8") : "";
  const colon = decoded.indexOf(":");
  if (colon > 0) {
    const password = decoded.slice(colon + 1).replace(/\0+$/, "");
    return { username: decoded.slice(0, colon), password, serverAddress: key };
  }
  if (!stored.username) return undefined;
  return { username: stored.username, password: stored.password ?? "", serverAddress: key };
}

function hostOf(key: string): string {
  return key.replace(/^[a-z]+:\/\//i, "").replace(/\/.*$/, "");
}

/** Value of the `X-Registry-Auth` header. */
export function encodeRegistryAuth(auth: RegistryAuth | undefined): string {
  return encodeHeader(auth === undefined ? {} : authFields(auth));
}

/** Value of the `X-Registry-Config` header of the classic builder. */
export function encodeRegistryConfig(auths: readonly RegistryAuth[]): string {
  return encodeHeader(Object.fromEntries(auths.map((auth) => [auth.serverAddress, authFields(auth)])));
}

/** URL-safe base64 with its padding: older engines silently take text without padding for no credentials. */
function encodeHeader(value: unknown): string {
  const text = Buffer.from(JSON.stringify(value), "utf8").toString("base64");
  return text.replaceAll("+", "-").replaceAll("/", "_");
}

function authFields(auth: RegistryAuth): Record<string, string> {
  if (auth.identityToken !== undefined) {
    return { identitytoken: auth.identityToken, serveraddress: auth.serverAddress };
  }
  return { username: auth.username, password: auth.password, serveraddress: auth.serverAddress };
}
