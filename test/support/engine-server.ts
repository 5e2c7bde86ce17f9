/** A local HTTP server on a unix socket that answers as a test says: for what real engines do only when they break. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { mkdtemp, rm } from "node:fs/promises";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;
export type UpgradeHandler = (request: IncomingMessage, socket: Socket) => void;

export interface EngineServer extends AsyncDisposable {
  readonly host: string;
  readonly path: string;
  readonly server: Server;
  /** Method and URL of each request. */
  readonly requests: string[];
  /** How many connections were made. */
  connections(): number;
}

/** `/_ping` is answered as Docker does, unless the handler is told to take it too. */
export async function startEngineServer(
  handler: Handler,
  options: { readonly upgrade?: UpgradeHandler; readonly ping?: Handler } = {},
): Promise<EngineServer> {
  const directory = await mkdtemp(join(tmpdir(), "tcompose-engine-"));
  const path = join(directory, "engine.sock");
  const requests: string[] = [];
  let connections = 0;
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    if (request.url === "/_ping") (options.ping ?? answerPing)(request, response);
    else handler(request, response);
  });
  server.on("connection", (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  const { upgrade } = options;
  if (upgrade !== undefined) server.on("upgrade", (request, socket) => upgrade(request, socket as Socket));
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return {
    host: `unix://${path}`,
    path,
    server,
    requests,
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export function answerPing(_request: IncomingMessage, response: ServerResponse): void {
  response.setHeader("Api-Version", "1.41").setHeader("Server", "Docker/20.10.24 (linux)").end("OK");
}
