/** An output stream as the rest of `cli/` sees it: text in, never an exception out. */
import type { Writable } from "node:stream";

export interface Output {
  readonly isTTY: boolean;
  /** Cells; undefined where it is no terminal. */
  columns(): number | undefined;
  rows(): number | undefined;
  write(text: string | Uint8Array): void;
  /** Calls back when the window changes its size; answers how to stop that. */
  onResize(listener: () => void): () => void;
  /** Resolves when what was written so far has left the process, or the reader is gone. */
  flush(): Promise<void>;
  /** What was written piles up in memory, because the reader is slower. */
  isCongested(): boolean;
  /** Resolves when more may be written without piling up. */
  ready(): Promise<void>;
}

interface TerminalStream extends Writable {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

/** `onGone` is called once when the reader has closed its end (`tcompose logs | head`). */
export function streamOutput(stream: TerminalStream, onGone: () => void): Output {
  let gone = false;
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (gone) return;
    gone = true;
    if (error.code === "EPIPE" || error.code === "ERR_STREAM_DESTROYED" || error.code === "EIO") onGone();
  });
  return {
    isTTY: stream.isTTY === true,
    columns: () => (stream.isTTY === true ? stream.columns : undefined),
    rows: () => (stream.isTTY === true ? stream.rows : undefined),
    write(text) {
      if (!gone) stream.write(text);
    },
    onResize(listener) {
      stream.on("resize", listener);
      return () => stream.off("resize", listener);
    },
    flush: () =>
      gone || stream.writableLength === 0
        ? Promise.resolve()
        : new Promise((resolve) => {
            stream.write("", () => resolve());
            stream.once("error", () => resolve());
          }),
    isCongested: () => !gone && stream.writableNeedDrain,
    ready: () =>
      gone || !stream.writableNeedDrain
        ? Promise.resolve()
        : new Promise((resolve) => {
            const settle = (): void => {
              stream.off("drain", settle);
              stream.off("error", settle);
              resolve();
            };
            stream.on("drain", settle);
            stream.on("error", settle);
          }),
  };
}
