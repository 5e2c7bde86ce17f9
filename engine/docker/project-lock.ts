/**
 * One run at a time on a project. The lock is a socket that somebody listens on: it goes with its holder, however that
 * ends, and a waiter learns of it from its own connection being closed, without looking again and again. Linux has
 * sockets without a file and Windows has named pipes, which leave nothing behind; elsewhere it is a socket file, and
 * one that nobody answers on is stale.
 *
 * The name of the lock comes from engine and project alone, so that two checkouts of one name exclude each other.
 */
import { randomBytes } from "node:crypto";
import { realpathSync, renameSync, rmSync } from "node:fs";
import { createServer, connect, type Server, type Socket } from "node:net";
import { platform, tmpdir } from "node:os";
import { join } from "node:path";
import { AbortedError, RefusedError, UsageError } from "../error.ts";
import { sha256 } from "../hash.ts";

/** Who has the lock, as told to those who wait. */
export interface LockHolder {
  readonly pid: number;
  /** `up` */
  readonly command: string;
}

export interface LockOptions {
  /** `unix:///var/run/docker.sock` */
  readonly endpoint: string;
  readonly project: string;
  readonly holder: LockHolder;
  /** `false`: rejects with RefusedError when somebody has it. */
  readonly wait: boolean;
  readonly onWait?: (holder: LockHolder) => void;
  readonly signal?: AbortSignal | undefined;
  /** Where socket files go on systems that need one. */
  readonly directory?: string;
}

export interface ProjectLock {
  release(): void;
}

/** @throws AbortedError when the signal aborts the wait, RefusedError where waiting is not wanted */
export async function lockProject(options: LockOptions): Promise<ProjectLock> {
  const address = lockAddress(options);
  for (;;) {
    if (options.signal?.aborted === true) throw new AbortedError();
    const lock = await tryListen(address, options.holder);
    if (lock !== undefined) return lock;
    const end = await waitForEnd(address, options);
    if (end === "stale") removeStale(address);
  }
}

/** Of the 107 bytes that the name of a socket may have. Digests cost: Node's crypto takes 4 ms of CPU to load. */
const MOST_READABLE = 80;

function lockAddress({ endpoint, project, directory }: LockOptions): string {
  const system = platform();
  const parts = [canonicalEndpoint(endpoint), project];
  const hasNames = directory === undefined && system === "linux";
  const text = parts.join(" ");
  if (hasNames && Buffer.byteLength(text) <= MOST_READABLE) return `\0tcompose ${text}`;
  const name = `tcompose-${sha256(parts.join("\0")).slice(0, 32)}`;
  if (hasNames) return `\0${name}`;
  if (system === "win32") return `\\\\.\\pipe\\${name}`;
  return join(directory ?? tmpdir(), `${name}.sock`);
}

/** `/var/run` is often another name of `/run`. */
function canonicalEndpoint(endpoint: string): string {
  if (!endpoint.startsWith("unix://")) return endpoint;
  const path = endpoint.slice("unix://".length);
  try {
    return `unix://${realpathSync(path)}`;
  } catch {
    // Not there: the engine's own error says so better.
    return endpoint;
  }
}

/** Undefined: somebody else listens, or did. */
function tryListen(address: string, holder: LockHolder): Promise<ProjectLock | undefined> {
  return new Promise((resolve, reject) => {
    const waiting = new Set<Socket>();
    const server = createServer((socket) => {
      waiting.add(socket);
      socket.unref();
      socket.on("close", () => waiting.delete(socket));
      // Whoever waits may go away at any time.
      socket.on("error", () => waiting.delete(socket));
      socket.write(`${JSON.stringify(holder)}\n`);
    });
    server.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") resolve(undefined);
      else reject(new UsageError(`cannot lock the project: ${error.message}`, { cause: error }));
    });
    server.listen(address, () => {
      server.unref();
      resolve({ release: () => release(server, waiting) });
    });
  });
}

function release(server: Server, waiting: ReadonlySet<Socket>): void {
  if (!server.listening) return;
  server.close();
  // After the name is free: those who wait try at once.
  setImmediate(() => {
    for (const socket of waiting) socket.destroy();
  });
}

/** `stale`: nobody answers under that name. */
function waitForEnd(address: string, options: LockOptions): Promise<"ended" | "stale"> {
  const { wait, onWait, signal, project } = options;
  return new Promise((resolve, reject) => {
    let text = "";
    let isTold = false;
    const socket = connect(address);
    const settle = (action: () => void): void => {
      signal?.removeEventListener("abort", onAbort);
      socket.destroy();
      action();
    };
    const onAbort = (): void => settle(() => reject(new AbortedError()));
    signal?.addEventListener("abort", onAbort, { once: true });
    socket.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      const holder = isTold ? undefined : parseHolder(text);
      if (holder === undefined) return;
      isTold = true;
      if (wait) onWait?.(holder);
      else settle(() => reject(refusal(project, holder)));
    });
    socket.on("error", ({ code }: NodeJS.ErrnoException) =>
      settle(() => resolve(code === "ECONNREFUSED" || code === "ENOENT" ? "stale" : "ended")),
    );
    socket.on("close", () => settle(() => resolve("ended")));
  });
}

function refusal(project: string, { pid, command }: LockHolder): RefusedError {
  return new RefusedError(`another run works on project "${project}": \`${command}\`, process ${pid}`, {
    hint: "wait for its end, or leave --no-wait-lock out to do so",
  });
}

function parseHolder(text: string): LockHolder | undefined {
  const end = text.indexOf("\n");
  if (end < 0) return undefined;
  try {
    const value = JSON.parse(text.slice(0, end)) as Partial<LockHolder>;
    return { pid: Number(value.pid), command: String(value.command) };
  } catch {
    return { pid: 0, command: "unknown" };
  }
}

/** Moved away first, so that of several waiters only one removes it. */
function removeStale(address: string): void {
  if (address.startsWith("\0") || platform() === "win32") return;
  const aside = `${address}.${randomBytes(6).toString("hex")}`;
  try {
    renameSync(address, aside);
  } catch (error) {
    // Another waiter was faster.
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw new UsageError(`cannot remove the stale lock ${address}`, { cause: error });
  }
  rmSync(aside, { force: true });
}
