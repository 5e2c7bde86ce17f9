/** Plain calls to the engine under test, past the product: what a scenario observes must not come from what it tests. */
import { request, type IncomingMessage } from "node:http";
import { buffer } from "node:stream/consumers";
import { call } from "../../../examples/demo/engine-api.mjs";

/** Endpoint of the engine under test, as DOCKER_HOST takes it. */
export const ENGINE = process.env["TCOMPOSE_TEST_ENGINE"] ?? "unix:///var/run/docker.sock";

/** A path on the local machine: the scenarios' recorder stands in front of it. */
export function socketPath(): string {
  if (!ENGINE.startsWith("unix://"))
    throw new Error(`scenarios need an engine on a unix socket, not ${ENGINE}`);
  return ENGINE.slice("unix://".length);
}

/** GET, parsed. `undefined`: there is no such thing. */
export async function get<T>(path: string): Promise<T | undefined> {
  const { status, text } = await call(ENGINE, { path });
  if (status === 404) return undefined;
  if (status >= 400) throw new Error(`GET ${path}: ${status} ${text}`);
  return JSON.parse(text) as T;
}

/** Body as it is. `undefined`: there is no such thing. */
export async function getBytes(path: string): Promise<Buffer | undefined> {
  const answer = await new Promise<IncomingMessage>((done, fail) => {
    request({ socketPath: socketPath(), path, headers: { host: "engine" } }, done)
      .on("error", fail)
      .end();
  });
  const body = await buffer(answer);
  const status = answer.statusCode ?? 0;
  if (status === 404) return undefined;
  if (status >= 400) throw new Error(`GET ${path}: ${status} ${body.toString()}`);
  return body;
}

/** A call that changes something; "not there" and "already so" are fine. */
export async function change(method: "POST" | "DELETE", path: string, body?: unknown): Promise<void> {
  const json =
    body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } };
  const { status, text } = await call(ENGINE, { method, path, ...json });
  if (status >= 400 && status !== 404 && status !== 409)
    throw new Error(`${method} ${path}: ${status} ${text}`);
}

/** Text as the engine sent it (logs, events). */
export async function getText(path: string): Promise<string> {
  return (await call(ENGINE, { path })).text;
}

export function filters(values: Readonly<Record<string, readonly string[]>>): string {
  return `filters=${encodeURIComponent(JSON.stringify(values))}`;
}
