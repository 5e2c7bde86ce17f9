/** BuildKit's live status, decoded. Source: message `moby.buildkit.v1.StatusResponse`. */
import { readFields, readTimestamp } from "./protobuf.ts";

export interface Vertex {
  readonly digest: string;
  readonly name: string;
  readonly cached: boolean;
  /** Unix milliseconds. */
  readonly started: number | undefined;
  readonly completed: number | undefined;
  /** Empty: none. */
  readonly error: string;
}

export interface VertexStatus {
  readonly id: string;
  readonly vertex: string;
  readonly name: string;
  readonly current: number;
  readonly total: number;
  readonly completed: number | undefined;
}

export interface VertexLog {
  readonly vertex: string;
  readonly stream: "stdout" | "stderr";
  readonly data: Buffer;
}

export interface BuildStatus {
  readonly vertices: readonly Vertex[];
  readonly statuses: readonly VertexStatus[];
  readonly logs: readonly VertexLog[];
}

const STDERR = 2n;

export function decodeStatus(message: Buffer): BuildStatus {
  const vertices: Vertex[] = [];
  const statuses: VertexStatus[] = [];
  const logs: VertexLog[] = [];
  for (const field of readFields(message)) {
    if (field.number === 1) vertices.push(decodeVertex(field.bytes));
    else if (field.number === 2) statuses.push(decodeVertexStatus(field.bytes));
    else if (field.number === 3) logs.push(decodeLog(field.bytes));
  }
  return { vertices, statuses, logs };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function decodeVertex(message: Buffer): Vertex {
  const vertex: Mutable<Vertex> = {
    digest: "",
    name: "",
    cached: false,
    started: undefined,
    completed: undefined,
    error: "",
  };
  for (const { number, bytes, value } of readFields(message)) {
    if (number === 1) vertex.digest = bytes.toString("utf8");
    else if (number === 3) vertex.name = bytes.toString("utf8");
    else if (number === 4) vertex.cached = value !== 0n;
    else if (number === 5) vertex.started = readTimestamp(bytes);
    else if (number === 6) vertex.completed = readTimestamp(bytes);
    else if (number === 7) vertex.error = bytes.toString("utf8");
  }
  return vertex;
}

function decodeVertexStatus(message: Buffer): VertexStatus {
  const status: Mutable<VertexStatus> = {
    id: "",
    vertex: "",
    name: "",
    current: 0,
    total: 0,
    completed: undefined,
  };
  for (const { number, bytes, value } of readFields(message)) {
    if (number === 1) status.id = bytes.toString("utf8");
    else if (number === 2) status.vertex = bytes.toString("utf8");
    else if (number === 3) status.name = bytes.toString("utf8");
    else if (number === 4) status.current = Number(value);
    else if (number === 5) status.total = Number(value);
    else if (number === 8) status.completed = readTimestamp(bytes);
  }
  return status;
}

function decodeLog(message: Buffer): VertexLog {
  const log: Mutable<VertexLog> = { vertex: "", stream: "stdout", data: Buffer.alloc(0) };
  for (const { number, bytes, value } of readFields(message)) {
    if (number === 1) log.vertex = bytes.toString("utf8");
    else if (number === 3) log.stream = value === STDERR ? "stderr" : "stdout";
    else if (number === 4) log.data = bytes;
  }
  return log;
}
