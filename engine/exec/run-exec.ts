/** Runs a command in a running container and answers its exit code: what `exec`, hooks and probes are made of. */
import type { Duplex, Readable } from "node:stream";
import { demultiplex } from "../docker/demultiplex.ts";
import type { EngineApi, OutputChunk } from "../docker/api.ts";
import { AbortedError, EngineProtocolError, TcomposeError } from "../error.ts";
import { systemClock } from "../execute/clock.ts";
import type { Clock } from "../execute/model.ts";

export interface ExecRequest {
  readonly cmd: readonly string[];
  /** `KEY=value`. */
  readonly env?: readonly string[];
  readonly user?: string | undefined;
  readonly workdir?: string | undefined;
  readonly privileged?: boolean;
  readonly tty?: boolean;
  /** What the command reads. Absent: nothing. */
  readonly stdin?: Readable;
  readonly detachKeys?: string;
  /** Aborts when whoever is connected leaves, and the command goes on. */
  readonly leave?: AbortSignal;
}

export interface ExecOptions {
  readonly signal?: AbortSignal | undefined;
  /** With a TTY everything is `stdout`. The stream waits for an answer that is a promise. */
  readonly onOutput?: (chunk: OutputChunk) => void | Promise<void>;
  /** The command runs: `execId` is for `resizeExec`. */
  readonly onStart?: (execId: string) => void;
  readonly clock?: Clock;
}

export interface ExecResult {
  readonly execId: string;
  /** 0 as well when the person has left it with the detach keys: it goes on without them. */
  readonly exitCode: number;
}

/**
 * Rejects with the engine's error (409: the container does not run) and with AbortedError when the signal aborts,
 * which ends the connection and the command's input, not the command itself.
 */
export async function runExec(
  engine: EngineApi,
  container: string,
  request: ExecRequest,
  options: ExecOptions = {},
): Promise<ExecResult> {
  const { signal } = options;
  const execId = await engine.createExec(container, createBody(request), { signal });
  const stream = await engine.startExec(execId, { tty: request.tty === true, signal });
  const onAbort = (): void => void stream.destroy();
  signal?.addEventListener("abort", onAbort, { once: true });
  request.leave?.addEventListener("abort", onAbort, { once: true });
  try {
    options.onStart?.(execId);
    feed(stream, request.stdin);
    await drain(stream, request.tty === true, options.onOutput);
    if (signal?.aborted === true) throw new AbortedError();
    return { execId, exitCode: await exitCodeOf(engine, execId, options) };
  } catch (error) {
    if (signal?.aborted === true) throw new AbortedError("aborted", { cause: error });
    if (request.leave?.aborted === true) return { execId, exitCode: 0 };
    if (error instanceof TcomposeError) throw error;
    throw new EngineProtocolError(`the connection to a command in ${container} broke`, { cause: error });
  } finally {
    signal?.removeEventListener("abort", onAbort);
    request.stdin?.unpipe(stream);
    stream.destroy();
  }
}

function createBody(request: ExecRequest): Parameters<EngineApi["createExec"]>[1] {
  return {
    AttachStdin: request.stdin !== undefined,
    AttachStdout: true,
    AttachStderr: true,
    Tty: request.tty === true,
    Cmd: request.cmd,
    ...(request.env === undefined ? {} : { Env: request.env }),
    ...(request.user === undefined ? {} : { User: request.user }),
    ...(request.workdir === undefined ? {} : { WorkingDir: request.workdir }),
    ...(request.privileged === true ? { Privileged: true } : {}),
    ...(request.detachKeys === undefined ? {} : { DetachKeys: request.detachKeys }),
  };
}

function feed(stream: Duplex, stdin: Readable | undefined): void {
  // A command that ends before its input does closes the connection under the writer: no failure of ours.
  stream.on("error", () => undefined);
  if (stdin !== undefined) stdin.pipe(stream);
}

async function drain(stream: Duplex, tty: boolean, onOutput: ExecOptions["onOutput"]): Promise<void> {
  if (tty) {
    for await (const data of stream) await onOutput?.({ stream: "stdout", data: data as Buffer });
    return;
  }
  for await (const chunk of demultiplex(stream)) await onOutput?.(chunk);
}

/** The stream may end a moment before the engine has noted the exit code. */
async function exitCodeOf(engine: EngineApi, execId: string, options: ExecOptions): Promise<number> {
  const clock = options.clock ?? systemClock;
  for (let delay = 2; delay < 1_000; delay *= 2) {
    const { Running: running, ExitCode: exitCode } = await engine.inspectExec(execId, {
      signal: options.signal,
    });
    if (!running && exitCode !== null) return exitCode;
    await clock.sleep(delay, options.signal);
  }
  throw new EngineProtocolError("the engine does not tell how a command ended");
}
