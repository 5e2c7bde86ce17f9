/** Stands between a command and the engine, forwards everything, and keeps what was asked. */
import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import { connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { socketPath } from "./engine-socket.ts";

export interface Call {
  readonly method: string;
  /** Path without the API version and the query. */
  readonly path: string;
}

/** What goes wrong with a call. */
export type Fault =
  /** The engine never sees it; the connection ends. */
  | { readonly type: "lose-request" }
  /** The engine carries it out; the connection ends without the answer. */
  | { readonly type: "lose-answer" }
  /** Answered in the engine's place. */
  | { readonly type: "answer"; readonly status: number; readonly message: string };

export interface RecorderOptions {
  /** Decides what goes wrong; `lost` is called when the client waits for an answer that will not come. */
  readonly fault?: (call: Call) => Fault | undefined;
  readonly lost?: () => void;
  /** Called when a call arrives, before the engine sees it; and when the engine has answered. */
  readonly onCall?: (call: Call, stage: "before" | "after", index: number) => void;
  /** The engine sees the call when this is over. */
  readonly delay?: (call: Call) => Promise<void> | undefined;
  /** Answers itself instead of asking the engine. */
  readonly offline?: boolean;
}

/** Whether a call changes something on the engine. Probes run commands inside containers and change none of them. */
export function isChange({ method, path }: Call): boolean {
  return method !== "GET" && method !== "HEAD" && !isProbe(path);
}

export class Recorder {
  readonly calls: Call[] = [];
  readonly endpoint: string;
  #connections = 0;
  readonly #options: RecorderOptions;
  readonly #sockets = new Set<Socket>();
  readonly #server = createServer((incoming, outgoing) => void this.#forward(incoming, outgoing));

  private constructor(path: string, options: RecorderOptions) {
    this.endpoint = `unix://${path}`;
    this.#options = options;
    this.#server.on("upgrade", (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
      this.#upgrade(incoming, socket, head);
    });
    this.#server.on("connection", (socket: Socket) => {
      this.#connections += 1;
      this.#sockets.add(socket);
      socket.on("error", () => socket.destroy());
      socket.on("close", () => this.#sockets.delete(socket));
    });
    this.#server.requestTimeout = 0;
  }

  /** @param path of the socket to make */
  static async open(path: string, options: RecorderOptions = {}): Promise<Recorder> {
    const recorder = new Recorder(path, options);
    await new Promise<void>((done) => {
      recorder.#server.listen(path, done);
    });
    return recorder;
  }

  get connections(): number {
    return this.#connections;
  }

  /** Calls that change something on the engine. */
  mutations(): readonly string[] {
    return this.calls.filter(isChange).map(({ method, path }) => `${method} ${path}`);
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((done) => {
      this.#server.close(() => done());
    });
  }

  #record(incoming: IncomingMessage): { readonly call: Call; readonly index: number } {
    const path = (incoming.url ?? "/").replace(/^\/v\d+\.\d+(?=\/)/, "").replace(/\?.*$/s, "");
    const call = { method: incoming.method ?? "GET", path };
    const index = this.calls.push(call);
    this.#options.onCall?.(call, "before", index);
    return { call, index };
  }

  async #forward(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { call, index } = this.#record(incoming);
    await this.#options.delay?.(call);
    if (this.#options.offline === true) {
      outgoing.writeHead(503).end();
      return;
    }
    const fault = this.#options.fault?.(call);
    if (fault?.type === "lose-request") {
      this.#lose(incoming);
      return;
    }
    if (fault?.type === "answer") {
      outgoing.writeHead(fault.status, { "content-type": "application/json" });
      outgoing.end(JSON.stringify({ message: fault.message }));
      return;
    }
    const { method, url, headers } = incoming;
    const upstream = request({ socketPath: socketPath(), method, path: url, headers }, (answer) => {
      if (fault?.type === "lose-answer") {
        answer.resume().on("end", () => this.#lose(incoming));
        return;
      }
      this.#options.onCall?.(call, "after", index);
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      outgoing.flushHeaders();
      answer.pipe(outgoing);
      answer.on("error", () => outgoing.destroy());
    });
    upstream.on("error", () => outgoing.destroy());
    // What the engine has begun it ends, though nobody waits for the answer.
    if (fault === undefined) outgoing.on("close", () => upstream.destroy());
    incoming.pipe(upstream);
  }

  #lose(incoming: IncomingMessage): void {
    this.#options.lost?.();
    incoming.socket.destroy();
  }

  #upgrade(incoming: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#record(incoming);
    const upstream = connect(socketPath(), () => {
      const lines = [`${incoming.method} ${incoming.url} HTTP/1.1`];
      for (let i = 0; i < incoming.rawHeaders.length; i += 2) {
        lines.push(`${incoming.rawHeaders[i]}: ${incoming.rawHeaders[i + 1]}`);
      }
      upstream.write(`${lines.join("\r\n")}\r\n\r\n`);
      upstream.write(head);
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on("error", () => socket.destroy());
    socket.on("error", () => upstream.destroy());
  }
}

function isProbe(path: string): boolean {
  return path.startsWith("/exec/") || path.endsWith("/exec");
}
