/** The few Engine API calls that the scripts need, over node:http: no docker command line needed. */
import { existsSync, readFileSync } from "node:fs";
import { request } from "node:http";
import { createHash } from "node:crypto";
import { homedir } from "node:os";
import { join } from "node:path";
import process from "node:process";

/**
 * Endpoints that an engine may answer at, best first, in the order in which tcompose tries them.
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string[]} `unix:///path`, `npipe:////./pipe/name` or `tcp://host:port`
 */
export function listEndpoints(env = process.env) {
  if (env.DOCKER_HOST) return [env.DOCKER_HOST];
  const context = contextEndpoint(env);
  if (context !== undefined) return [context];
  if (process.platform === "win32") return ["npipe:////./pipe/docker_engine"];
  const runtime = env.XDG_RUNTIME_DIR ?? "/run/user/0";
  return [
    "/var/run/docker.sock",
    join(homedir(), ".docker/run/docker.sock"),
    join(runtime, "docker.sock"),
    "/run/podman/podman.sock",
    join(runtime, "podman/podman.sock"),
  ].map((path) => `unix://${path}`);
}

function contextEndpoint(env) {
  const folder = env.DOCKER_CONFIG ?? join(homedir(), ".docker");
  const name = env.DOCKER_CONTEXT ?? readJson(join(folder, "config.json"))?.currentContext;
  if (name === undefined || name === "default") return undefined;
  const id = createHash("sha256").update(name).digest("hex");
  return readJson(join(folder, "contexts/meta", id, "meta.json"))?.Endpoints?.docker?.Host;
}

function readJson(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}

/** @returns {Promise<string | undefined>} the first endpoint that answers */
export async function findEngine(endpoints = listEndpoints()) {
  for (const endpoint of endpoints) {
    if (await answers(endpoint)) return endpoint;
  }
  return undefined;
}

async function answers(endpoint) {
  try {
    return (await call(endpoint, { path: "/_ping", idleMs: 5_000 })).status === 200;
  } catch {
    // Whatever the reason, this endpoint is of no use; the caller names all that were tried.
    return false;
  }
}

/**
 * One call. `body` may be a stream. Resolves with the whole answer, whatever the status.
 * @param {string} endpoint
 * @param {{method?: string, path: string, headers?: Record<string, string>, body?: import("node:stream").Readable | string,
 *   idleMs?: number, onData?: (text: string) => void}} options `idleMs`: give up after so much silence
 * @returns {Promise<{status: number, text: string}>}
 */
export function call(endpoint, { method = "GET", path, headers = {}, body, idleMs = 0, onData }) {
  return new Promise((done, fail) => {
    const outgoing = request(
      { ...address(endpoint), method, path, headers: { host: "engine", ...headers } },
      (answer) => {
        let text = "";
        answer.setEncoding("utf8");
        answer.on("data", (chunk) => {
          text += chunk;
          onData?.(chunk);
        });
        answer.on("error", fail);
        answer.on("end", () => done({ status: answer.statusCode, text }));
      },
    );
    outgoing.on("error", fail);
    outgoing.setTimeout(idleMs, () => outgoing.destroy(new Error(`no answer within ${idleMs / 1000} s`)));
    if (body === undefined || typeof body === "string") outgoing.end(body);
    else body.on("error", fail).pipe(outgoing);
  });
}

function address(endpoint) {
  const [, scheme, rest] = /^(\w+):\/\/(.*)$/.exec(endpoint) ?? [];
  switch (scheme) {
    case "unix":
    case "npipe":
      return { socketPath: rest };
    case "tcp":
    case "http": {
      const { hostname, port } = new URL(`http://${rest}`);
      return { host: hostname, port: port === "" ? 2375 : port };
    }
    default:
      throw new Error(`these scripts reach an engine over a socket, a pipe or plain TCP, not ${endpoint}`);
  }
}
