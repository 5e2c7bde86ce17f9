/** Sends a request's body: JSON, bytes or a stream. */
import type { ClientRequest } from "node:http";
import { Readable } from "node:stream";
import { EngineProtocolError, TcomposeError } from "../error.ts";

export interface Body {
  readonly json?: unknown;
  readonly body?: Readable | Buffer | undefined;
}

/** `fail` is called when the source of a streamed body breaks; the connection's own errors are the request's. */
export function sendBody(outgoing: ClientRequest, body: Body, fail: (error: unknown) => void): void {
  if (body.json !== undefined) {
    const text = JSON.stringify(body.json);
    outgoing.setHeader("Content-Type", "application/json");
    outgoing.setHeader("Content-Length", Buffer.byteLength(text));
    outgoing.end(text);
  } else if (body.body instanceof Readable) {
    sendStream(outgoing, body.body, fail);
  } else {
    if (body.body !== undefined) outgoing.setHeader("Content-Length", body.body.length);
    else if (outgoing.method === "POST") outgoing.setHeader("Content-Length", 0);
    outgoing.end(body.body);
  }
}

function sendStream(outgoing: ClientRequest, source: Readable, fail: (error: unknown) => void): void {
  source.once("error", (cause) => {
    const error =
      cause instanceof TcomposeError
        ? cause
        : new EngineProtocolError(`what was to be sent could not be read: ${cause.message}`, { cause });
    fail(error);
    outgoing.destroy(error);
  });
  // The engine may answer (with a refusal) before it has read everything, and the connection may end: no more is needed.
  outgoing.once("close", () => source.destroy());
  source.pipe(outgoing);
}
