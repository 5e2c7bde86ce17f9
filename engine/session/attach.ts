/** A person (or a pipe) connected to the process of a container, until it ends or they leave it. */
import type { EngineApi, OutputChunk } from "../docker/api.ts";
import { demultiplex, passThrough } from "../docker/demultiplex.ts";
import { EngineProtocolError } from "../error.ts";

export interface AttachRequest {
  /** Connected, nothing has been passed on yet. The caller pipes its input into `input`. */
  readonly onAttached: (input: NodeJS.WritableStream) => void | Promise<void>;
  /** The stream waits for an answer that is a promise. */
  readonly onOutput: (chunk: OutputChunk) => void | Promise<void>;
  /** The container has a terminal: its output is one raw stream. */
  readonly tty: boolean;
  readonly stdin: boolean;
  /** Keys that leave the container running, e.g. `ctrl-p,ctrl-q`; default: the engine's. */
  readonly detachKeys?: string | undefined;
  /** Aborts when whoever is connected leaves, and the process goes on. */
  readonly leave?: AbortSignal | undefined;
  readonly signal: AbortSignal;
}

/** `undefined`: left with the detach keys, it goes on without us. */
export type AttachEnd = { readonly exitCode: number } | undefined;

/** Rejects with the engine's error, and AbortedError when the signal aborts. */
export async function attach(engine: EngineApi, id: string, request: AttachRequest): Promise<AttachEnd> {
  const { signal, tty, stdin, detachKeys, leave } = request;
  const over = new AbortController();
  const { listening, end } = listenForEnd(engine, id, AbortSignal.any([signal, over.signal]));
  end.catch(() => undefined);
  try {
    await listening;
    const stream = await engine.attachContainer(id, {
      stdin,
      stdout: true,
      stderr: true,
      signal,
      ...(detachKeys === undefined ? {} : { detachKeys }),
    });
    // A process that ends before its input does closes the connection under the writer: no failure of ours.
    stream.on("error", () => undefined);
    leave?.addEventListener("abort", () => void stream.destroy(), { once: true });
    await request.onAttached(stream);
    for await (const chunk of tty ? passThrough(stream) : demultiplex(stream)) await request.onOutput(chunk);
    return await end;
  } catch (error) {
    if (leave?.aborted === true) return undefined;
    throw error;
  } finally {
    over.abort();
  }
}

/** From the engine's events, listened for before anything can happen. */
function listenForEnd(
  engine: EngineApi,
  id: string,
  signal: AbortSignal,
): { readonly listening: Promise<void>; readonly end: Promise<AttachEnd> } {
  let opened: () => void = () => undefined;
  const listening = new Promise<void>((resolve) => {
    opened = resolve;
  });
  const wait = async (): Promise<AttachEnd> => {
    const filters = { type: ["container"], container: [id], event: ["die", "detach"] };
    for await (const { Action, Actor } of engine.events({ filters, signal, onOpen: opened })) {
      return Action === "detach" ? undefined : { exitCode: Number(Actor.Attributes["exitCode"] ?? 0) };
    }
    throw new EngineProtocolError("the event stream ended before the container did");
  };
  const end = wait();
  return { listening: Promise.race([listening, end.then(() => undefined)]), end };
}
