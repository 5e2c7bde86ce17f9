/** The user's terminal handed over to a process in a container: keys go there as they are. */
import type { Readable } from "node:stream";
import type { OutputChunk } from "../engine/docker/api.ts";
import type { CliContext } from "./context.ts";
import { watchForDetach } from "./detach-keys.ts";

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** What the body of `withRawTerminal` reads keys from, and how it learns that the user wants to leave. */
export interface Keys {
  readonly input: Readable;
  /** Aborts when the detach keys were pressed. */
  readonly leave: AbortSignal;
}

/** Runs `body` with the terminal in raw mode and gives it back whatever happens. */
export async function withRawTerminal<T>(
  { stdin }: CliContext,
  detachKeys: string | undefined,
  body: (keys: Keys) => Promise<T>,
): Promise<T> {
  const leaving = new AbortController();
  const input = watchForDetach(detachKeys, () => leaving.abort());
  stdin.setRawMode(true);
  stdin.pipe(input);
  try {
    return await body({ input, leave: leaving.signal });
  } finally {
    stdin.unpipe(input);
    stdin.setRawMode(false);
    stdin.pause();
  }
}

/** Reports the size now and each time the window changes, until the answered function is called. */
export function watchSize(context: CliContext, onSize: (size: TerminalSize) => void): () => void {
  const report = (): void => {
    const columns = context.stdout.columns();
    const rows = context.stdout.rows();
    if (columns !== undefined && rows !== undefined) onSize({ columns, rows });
  };
  report();
  return context.stdout.onResize(report);
}

/** What a process writes; the answer resolves when there is room for more. */
export function passOn({ stdout, stderr }: CliContext, chunk: OutputChunk): Promise<void> | undefined {
  const output = chunk.stream === "stderr" ? stderr : stdout;
  output.write(chunk.data);
  return output.isCongested() ? output.ready() : undefined;
}
