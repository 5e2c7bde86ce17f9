/** The user's terminal handed over to a process in a container: keys go there as they are. */
import type { CliContext } from "./context.ts";

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** Runs `body` with the terminal in raw mode and gives it back whatever happens. */
export async function withRawTerminal<T>(context: CliContext, body: () => Promise<T>): Promise<T> {
  const { stdin } = context;
  stdin.setRawMode(true);
  try {
    return await body();
  } finally {
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
