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
const STATUS_LINE = /^HTTP\/1\.\d (\d{3})/;

/**
 * @param onOpened gets what ends the call, with the error that it then rejects with
 * Rejects with the socket's own errors, and when the connection ends before the answer does.
 */
export async function shortGet(
  request: ShortRequest,
  onOpened: (end: (error: Error) => void) => void,
): Promise<ShortAnswer> {
  return parseAnswer(await exchange(request, onOpened));
}

function exchange(
  { socketPath, target, headers }: ShortRequest,
  onOpened: (end: (error: Error) => void) => void,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(socketPath);
    onOpened((error) => socket.destroy(error));
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("error", reject);
    socket.on("end", () => resolve(Buffer.concat(chunks)));
    socket.on("close", () => reject(new Error("the connection was closed")));
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`GET ${target} HTTP/1.0\r\n${lines.join("")}\r\n`);
  });
}

/** Throws when it is no answer, or not all of one. */
function parseAnswer(bytes: Buffer): ShortAnswer {
  if (bytes.length === 0) throw new Error("the connection was closed without an answer");
  const end = bytes.indexOf("\r\n\r\n");
  const [first = "", ...lines] = bytes.toString("latin1", 0, Math.max(end, 0)).split("\r\n");
  const status = STATUS_LINE.exec(first)?.[1];
  if (status === undefined) {
    throw Object.assign(new Error("the answer is not HTTP"), { code: NO_HTTP });
  }
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(":");
    if (colon > 0) headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  const body = bytes.subarray(end + 4);
  const length = headers["content-length"];
  if (length !== undefined && body.length < Number(length))
    throw new Error("the connection was closed in the middle of the answer");
  return { status: Number(status), headers, text: body.toString() };
}
