/**
 * A GET with a short answer over a socket of this machine, on node:net alone: node:http takes 10 ms of CPU to load and
 * to get under way, a third of what a run that finds nothing to do takes above bare Node. The request is HTTP/1.0:
 * its answer is neither chunked nor is the connection kept, it ends with the connection.
 */
import { connect } from "node:net";

export interface ShortRequest {
  /** Of a unix socket or a named pipe. */
  readonly socketPath: string;
  /** With version prefix and query. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface ShortAnswer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** What node:http's parser says of an answer that is none. */
const NO_HTTP = "HPE_INVALID_CONSTANT";
const CHUNKED = "transfer-encoding";
const SIGN = "HTTP/1.";
const STATUS_LINE = /^HTTP\/1\.\d (\d{3})/;

/**
 * Undefined: the answer is chunked all the same (a proxy that does not know HTTP/1.0), which is node:http's to read.
 * Rejects with the socket's own errors, and when the connection ends before the answer does.
 * @param onOpened gets what ends the call, with the error that it then rejects with
 */
export function shortGet(
  { socketPath, target, headers }: ShortRequest,
  onOpened: (end: (error: Error) => void) => void,
): Promise<ShortAnswer | undefined> {
  return new Promise((resolve, reject) => {
    const answer = new AnswerReader();
    const socket = connect(socketPath);
    onOpened((error) => socket.destroy(error));
    const take = (chunk: Buffer | undefined): void => {
      try {
        if (chunk !== undefined) answer.take(chunk);
        if (!answer.isComplete(chunk === undefined)) return;
        resolve(answer.read());
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
      socket.destroy();
    };
    socket.on("data", take);
    socket.on("error", reject);
    socket.on("end", () => take(undefined));
    socket.on("close", () => reject(new Error("the connection was closed")));
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`GET ${target} HTTP/1.0\r\n${lines.join("")}\r\n`);
  });
}

interface Head {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes, with the empty line. */
  readonly length: number;
}

class AnswerReader {
  #bytes: Buffer = Buffer.alloc(0);
  readonly #rest: Buffer[] = [];
  #received = 0;
  #head: Head | undefined;

  take(chunk: Buffer): void {
    this.#received += chunk.length;
    if (this.#head === undefined) {
      this.#bytes = this.#received === chunk.length ? chunk : Buffer.concat([this.#bytes, chunk]);
      this.#head = readHead(this.#bytes);
    } else {
      this.#rest.push(chunk);
    }
  }

  /** @throws when it can become no answer */
  isComplete(isEnd: boolean): boolean {
    if (this.#head === undefined) {
      if (isEnd) throw new Error("the connection was closed without an answer");
      return false;
    }
    const { headers, length } = this.#head;
    if (headers[CHUNKED] !== undefined) return true;
    const size = headers["content-length"];
    if (size === undefined) return isEnd;
    if (this.#received >= length + Number(size)) return true;
    if (isEnd) throw new Error("the connection was closed in the middle of the answer");
    return false;
  }

  read(): ShortAnswer | undefined {
    if (this.#head === undefined) return undefined;
    const { status, headers, length } = this.#head;
    if (headers[CHUNKED] !== undefined) return undefined;
    const body = Buffer.concat([this.#bytes.subarray(length), ...this.#rest]);
    return { status, headers, text: body.toString() };
  }
}

/** Undefined: more has to come. Throws when it is no HTTP. */
function readHead(bytes: Buffer): Head | undefined {
  if (!SIGN.startsWith(bytes.toString("latin1", 0, SIGN.length))) throw noHttp();
  const end = bytes.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const [first = "", ...lines] = bytes.toString("latin1", 0, end).split("\r\n");
  const status = STATUS_LINE.exec(first)?.[1];
  if (status === undefined) throw noHttp();
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(":");
    if (colon > 0) headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  return { status: Number(status), headers, length: end + 4 };
}

function noHttp(): Error {
  return Object.assign(new Error("the answer is not HTTP"), { code: NO_HTTP });
}
