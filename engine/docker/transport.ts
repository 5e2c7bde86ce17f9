/**
 * HTTP to one engine: JSON calls, streams both ways with backpressure, upgraded connections. On node:http, loaded with
 * the first call that needs it: short reads from an engine of this machine do without. Every failure, in every phase,
 * comes out as a TcomposeError. Calls have no client timeout: a stop or a wait may rightly take long; callers end them
 * by signal.
 */
import { setMaxListeners } from "node:events";
import type { ClientRequest, IncomingMessage, OutgoingHttpHeaders } from "node:http";
import type { Duplex } from "node:stream";
import { Readable } from "node:stream";
import { AbortedError, EngineProtocolError } from "../error.ts";
import type { Connections, Environment } from "./agents.ts";
import type { Endpoint } from "./endpoint.ts";
import { codeOf, toEngineError, toResponseError } from "./http-error.ts";
import { parseJson, parseJsonLines } from "./ndjson.ts";
import { withQuery, type Query } from "./query.ts";
import { sendBody } from "./request-body.ts";
import { shortGet, type ShortAnswer } from "./short-call.ts";
import { asDuplex } from "./upgrade.ts";

export type Method = "GET" | "HEAD" | "POST" | "PUT" | "DELETE";

export interface Call {
  readonly method: Method;
  /** Without version prefix; parts encoded. */
  readonly path: string;
  readonly query?: Query | undefined;
  readonly headers?: OutgoingHttpHeaders | undefined;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is. */
  readonly body?: Readable | Buffer | undefined;
  readonly signal?: AbortSignal | undefined;
  /** The answer stays open: it gets a connection of its own. */
  readonly isStream?: boolean;
}

/** One finished request (for streams: its headers have come). */
export interface CallRecord {
  readonly method: Method;
  /** Without version prefix, without query. */
  readonly path: string;
  /** 0: there was no answer. */
  readonly status: number;
  readonly durationMs: number;
  /** Whether it could change anything on the engine. */
  readonly mutating: boolean;
}

/** By lower-case name. */
type AnswerHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** A machine that is gone, or a network in between, does not say so: a stream that nothing comes over would wait for ever. */
const KEEP_ALIVE_MS = 30_000;

const LOCAL = { Host: "docker", Connection: "close" };

interface Upgraded {
  readonly status: number;
  readonly duplex: Duplex;
}

interface Refused {
  readonly status: number;
  readonly refusal: IncomingMessage;
}

export type OnCall = (record: CallRecord) => void;

export interface TransportOptions {
  readonly env: Environment;
  readonly onCall?: OnCall | undefined;
}

export class Transport {
  readonly endpoint: Endpoint;
  /** `/v1.41`, once negotiated. */
  prefix = "";
  readonly #env: Environment;
  readonly #onCall: OnCall | undefined;
  #connections: Promise<Connections> | undefined;

  constructor(endpoint: Endpoint, { env, onCall }: TransportOptions) {
    this.endpoint = endpoint;
    this.#env = env;
    this.#onCall = onCall;
  }

  /** The parsed JSON answer. */
  async json<T>(call: Call): Promise<T> {
    const text = (await this.#short(call))?.text ?? (await this.#text(await this.send(call), call));
    return parseJson(text, operationOf(call)) as T;
  }

  /** Nothing but success matters. */
  async run(call: Call): Promise<void> {
    await this.headers(call);
  }

  /** The answer's headers; its body is read to the end, so that the connection is free for the next call. */
  async headers(call: Call): Promise<AnswerHeaders> {
    const short = await this.#short(call);
    if (short !== undefined) return short.headers;
    const answer = await this.send(call);
    await this.#text(answer, call);
    return answer.headers;
  }

  /** The answer's JSON lines as they come. Leaving the iteration closes the connection. */
  async *lines<T>(call: Call, onOpen?: () => void): AsyncGenerator<T> {
    yield* parseJsonLines<T>(this.bytes(call, onOpen), operationOf(call));
  }

  /** The answer's bytes as they come. Leaving the iteration closes the connection. */
  async *bytes(call: Call, onOpen?: () => void): AsyncGenerator<Buffer> {
    const answer = await this.send({ ...call, isStream: true });
    onOpen?.();
    try {
      for await (const chunk of answer) yield chunk as Buffer;
    } catch (error) {
      throw this.#translate(error, call);
    } finally {
      answer.destroy();
    }
  }

  /** The answer as a stream; its errors are TcomposeErrors. */
  async stream(call: Call): Promise<Readable> {
    const chunks = this.bytes(call);
    // The first read brings the status: a refusal rejects here and not inside the stream.
    const first = await chunks.next();
    return Readable.from(prepend(first, chunks), { objectMode: false });
  }

  /** Sends the request and answers once the headers are here. A status of 400 and above rejects. */
  async send(call: Call): Promise<IncomingMessage> {
    const started = Date.now();
    for (let attempt = 0; ; attempt += 1) {
      try {
        const answer = await this.#attempt(call);
        const status = answer.statusCode ?? 0;
        this.#record(call, status, started);
        if (status < 400) return answer;
        throw toResponseError(status, operationOf(call), await this.#text(answer, call));
      } catch (error) {
        if (error instanceof StaleConnection && attempt === 0) continue;
        throw this.#failed(error instanceof StaleConnection ? error.cause : error, call, started);
      }
    }
  }

  /** Asks for a raw two-way connection. `protocol`: `tcp` for attach and exec, `h2c` for BuildKit. */
  async upgrade(call: Call, protocol: "tcp" | "h2c"): Promise<Duplex> {
    const started = Date.now();
    const headers = { ...call.headers, Connection: "Upgrade", Upgrade: protocol };
    try {
      const answer = await this.#upgradeAttempt({ ...call, headers, isStream: true });
      this.#record(call, answer.status, started);
      if ("refusal" in answer) {
        throw toResponseError(answer.status, operationOf(call), await this.#text(answer.refusal, call));
      }
      closeOnAbort(answer.duplex, call);
      return answer.duplex;
    } catch (error) {
      throw this.#failed(error, call, started);
    }
  }

  close(): void {
    const destroy = ({ calls, streams }: Connections): void => {
      calls.destroy();
      streams.destroy();
    };
    // The call that asked for them has told why there are none.
    this.#connections?.then(destroy).catch(() => undefined);
  }

  /** Undefined: the call is not one of these. */
  async #short(call: Call): Promise<ShortAnswer | undefined> {
    const { endpoint } = this;
    const { method, headers, isStream, signal } = call;
    const isShort = method === "GET" && headers === undefined && isStream !== true;
    if (!isShort || endpoint.type !== "socket") return undefined;
    const started = Date.now();
    let stopListening = (): void => undefined;
    try {
      if (signal?.aborted === true) throw new AbortedError();
      const request = { socketPath: endpoint.path, target: this.#target(call), headers: LOCAL };
      const answer = await shortGet(request, (end) => {
        stopListening = onAbort(signal, () => end(new AbortedError()));
      });
      if (answer === undefined) return undefined;
      this.#record(call, answer.status, started);
      if (answer.status >= 400) throw toResponseError(answer.status, operationOf(call), answer.text);
      return answer;
    } catch (error) {
      throw this.#failed(error, call, started);
    } finally {
      stopListening();
    }
  }

  #target({ path, query }: Call): string {
    return `${this.prefix}${withQuery(path, query)}`;
  }

  #failed(error: unknown, call: Call, started: number): ReturnType<typeof toEngineError> {
    const translated = this.#translate(error, call);
    if (translated.code !== "engine-response") this.#record(call, 0, started);
    return translated;
  }

  async #text(answer: IncomingMessage, call: Call): Promise<string> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of answer) chunks.push(chunk as Buffer);
    } catch (error) {
      throw this.#translate(error, call);
    }
    return Buffer.concat(chunks).toString();
  }

  /** Answers what opens a request. */
  async #http(): Promise<(call: Call) => ClientRequest> {
    this.#connections ??= import("./agents.ts").then(({ openConnections }) =>
      openConnections(this.endpoint, this.#env),
    );
    const { request } = await import("node:http");
    const { calls, streams, target } = await this.#connections;
    return (call) => {
      if (call.signal?.aborted === true) throw new AbortedError();
      const outgoing = request({
        ...target,
        agent: call.isStream === true ? streams : calls,
        method: call.method,
        path: this.#target(call),
        headers: { ...target.headers, ...call.headers },
      });
      if (this.endpoint.type === "tcp") {
        outgoing.once("socket", (socket) => socket.setKeepAlive(true, KEEP_ALIVE_MS));
      }
      return outgoing;
    };
  }

  async #attempt(call: Call): Promise<IncomingMessage> {
    const open = await this.#http();
    return new Promise((resolve, reject) => {
      const outgoing = open(call);
      let answered = false;
      outgoing.on("error", (error) => {
        reject(!answered && isStale(outgoing, error, call) ? new StaleConnection(error) : error);
      });
      const stopListening = onAbort(call.signal, () => outgoing.destroy(new AbortedError()));
      outgoing.once("close", stopListening);
      outgoing.once("response", (answer) => {
        answered = true;
        resolve(answer);
      });
      sendBody(outgoing, call, reject);
    });
  }

  async #upgradeAttempt(call: Call): Promise<Upgraded | Refused> {
    const open = await this.#http();
    return new Promise((resolve, reject) => {
      const outgoing = open(call);
      outgoing.on("error", reject);
      const stopListening = onAbort(call.signal, () => outgoing.destroy(new AbortedError()));
      outgoing.once("close", stopListening);
      outgoing.once("upgrade", (answer, socket, head) => {
        stopListening();
        if (head.length > 0) socket.unshift(head);
        resolve({ duplex: socket, status: answer.statusCode ?? 101 });
      });
      outgoing.once("response", (answer) => {
        const status = answer.statusCode ?? 0;
        resolve(status < 400 ? { duplex: asDuplex(answer), status } : { refusal: answer, status });
      });
      sendBody(outgoing, call, reject);
    });
  }

  #translate(error: unknown, call: Call): ReturnType<typeof toEngineError> {
    return toEngineError(error, {
      endpoint: this.endpoint.url,
      operation: operationOf(call),
      signal: call.signal,
    });
  }

  #record(call: Call, status: number, started: number): void {
    const { method } = call;
    const path = decodeURIComponent(call.path);
    const durationMs = Date.now() - started;
    this.#onCall?.({ method, path, status, durationMs, mutating: isMutating(call) });
  }
}

/** Method and path, as errors name it. */
export function operationOf(call: Pick<Call, "method" | "path">): string {
  return `${call.method} ${decodeURIComponent(call.path)}`;
}

/** A kept-alive connection that the engine had closed meanwhile: the request never reached it. */
class StaleConnection extends EngineProtocolError {
  constructor(cause: unknown) {
    super("the kept-alive connection was closed", { cause });
  }
}

function isStale(outgoing: ClientRequest, error: unknown, call: Call): boolean {
  const code = codeOf(error);
  const isRepeatable = call.method !== "POST" && !(call.body instanceof Readable);
  return outgoing.reusedSocket && isRepeatable && (code === "ECONNRESET" || code === "EPIPE");
}

function isMutating({ method, path }: Call): boolean {
  if (method === "GET" || method === "HEAD") return false;
  return !/^\/(session|grpc)$|\/(attach|resize)$/.test(path);
}

function onAbort(signal: AbortSignal | undefined, action: () => void): () => void {
  if (signal === undefined) return () => undefined;
  // One signal ends a whole run: many calls at once listen to it, and that is no leak.
  setMaxListeners(0, signal);
  signal.addEventListener("abort", action, { once: true });
  return () => signal.removeEventListener("abort", action);
}

function closeOnAbort(duplex: Duplex, call: Call): void {
  const stopListening = onAbort(call.signal, () => {
    duplex.destroy(new AbortedError(`aborted during ${operationOf(call)}`));
  });
  duplex.once("close", stopListening);
}

async function* prepend(first: IteratorResult<Buffer>, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  if (first.done === true) return;
  try {
    yield first.value;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}
