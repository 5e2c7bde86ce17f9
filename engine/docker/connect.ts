/** Finds the engine and opens it, with one ping. */
import { access } from "node:fs/promises";
import { platform as currentPlatform } from "node:os";
import { AbortedError, EngineProtocolError, EngineUnreachableError, TcomposeError } from "../error.ts";
import type { Environment } from "./agents.ts";
import type { EngineApi } from "./api.ts";
import { negotiateApiVersion } from "./api-version.ts";
import { discoverEndpoints, type Discovery } from "./discover.ts";
import type { Endpoint } from "./endpoint.ts";
import { createEngine } from "./engine.ts";
import { programs, unreachableHint } from "./hint.ts";
import { codeOf } from "./http-error.ts";
import { readProxies } from "./proxies.ts";
import { readText } from "./read-text.ts";
import { Transport, type OnCall } from "./transport.ts";

export interface ConnectOptions {
  /** Variables that matter: DOCKER_*, XDG_RUNTIME_DIR; ssh gets all of them. */
  readonly env: Environment;
  readonly home: string;
  /** Address, e.g. `tcp://10.0.0.5:2376`. */
  readonly host?: string | undefined;
  /** Name of a docker context. */
  readonly context?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Sees every request once it is answered. */
  readonly onCall?: OnCall | undefined;
  /** Default: this process's. */
  readonly platform?: string | undefined;
}

/** An engine that accepts a connection but does not answer a ping in this time is not an engine that works. */
const PING_TIMEOUT_MS = 10_000;
const SSH_PING_TIMEOUT_MS = 40_000;

/**
 * Tries each endpoint in order and opens the first that answers.
 * @throws EngineUnreachableError listing everything tried, with what to do
 * @throws UsageError when what the user named cannot be used
 */
export async function connectEngine(options: ConnectOptions): Promise<EngineApi> {
  const platform = options.platform ?? currentPlatform();
  const { env, home, host, context } = options;
  const discovery = await discoverEndpoints({ env, home, platform, host, context, readText });
  const tried: { endpoint: string; reason: string }[] = [];
  for (const endpoint of discovery.endpoints) {
    const transport = new Transport(endpoint, { env, onCall: options.onCall });
    try {
      return await open(transport, endpoint, options);
    } catch (error) {
      transport.close();
      if (!(error instanceof EngineUnreachableError)) throw error;
      tried.push({ endpoint: endpoint.url, reason: error.tried[0]?.reason ?? error.message });
    }
  }
  throw await unreachable(discovery, tried, platform);
}

async function open(transport: Transport, endpoint: Endpoint, options: ConnectOptions): Promise<EngineApi> {
  const [ping, proxies] = await Promise.all([
    sendPing(transport, endpoint, options.signal),
    readProxies({ env: options.env, home: options.home, readText }, endpoint.url),
  ]);
  const apiVersion = negotiateApiVersion(ping.apiVersion, options.env["DOCKER_API_VERSION"]);
  transport.prefix = `/v${apiVersion}`;
  return createEngine(transport, { apiVersion, flavour: ping.flavour, release: ping.release, proxies });
}

interface Ping {
  readonly apiVersion: string;
  readonly flavour: "docker" | "podman";
  /** As the `Server` header names it: "Docker/20.10.24 (linux)". */
  readonly release: string | undefined;
}

async function sendPing(
  transport: Transport,
  endpoint: Endpoint,
  signal: AbortSignal | undefined,
): Promise<Ping> {
  const milliseconds = endpoint.type === "ssh" ? SSH_PING_TIMEOUT_MS : PING_TIMEOUT_MS;
  const timeout = AbortSignal.timeout(milliseconds);
  const either = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
  try {
    const headers = await transport.headers({ method: "GET", path: "/_ping", signal: either });
    const { "api-version": version, server } = headers;
    if (typeof version !== "string") {
      throw new EngineProtocolError("it answers, but not as a container engine (no Api-Version header)");
    }
    const flavour = /libpod|podman/i.test(String(server)) ? "podman" : "docker";
    return { apiVersion: version, flavour, release: /^\w+\/([\w.+~-]+)/.exec(String(server))?.[1] };
  } catch (error) {
    if (error instanceof AbortedError && signal?.aborted !== true) {
      throw notThere(endpoint, `no answer to a ping within ${milliseconds / 1000} s`, error);
    }
    if (error instanceof EngineProtocolError) {
      const code = codeOf(error.cause);
      const reason =
        code?.startsWith("HPE_") === true ? "it does not speak HTTP (TLS is needed?)" : error.message;
      throw notThere(endpoint, reason, error);
    }
    if (error instanceof TcomposeError && error.code === "engine-response") {
      throw notThere(endpoint, error.message, error);
    }
    throw error;
  }
}

function notThere(endpoint: Endpoint, reason: string, cause: unknown): EngineUnreachableError {
  return new EngineUnreachableError(reason, [{ endpoint: endpoint.url, reason }], { cause });
}

async function unreachable(
  { origin }: Discovery,
  tried: readonly { readonly endpoint: string; readonly reason: string }[],
  platform: string,
): Promise<EngineUnreachableError> {
  const hint = unreachableHint({ platform, origin, tried, installed: await installedPrograms() });
  const only = tried.length === 1 ? tried[0] : undefined;
  const message =
    only === undefined
      ? "no container engine answers"
      : `cannot reach the container engine at ${only.endpoint}: ${only.reason}`;
  return new EngineUnreachableError(message, tried, { hint });
}

async function installedPrograms(): Promise<Set<string>> {
  const found = new Set<string>();
  for (const [name, paths] of Object.entries(programs)) {
    const checks = await Promise.allSettled(paths.map((path) => access(path)));
    if (checks.some((check) => check.status === "fulfilled")) found.add(name);
  }
  return found;
}
