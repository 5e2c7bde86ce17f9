/**
 * What Ctrl-C and its relatives do, in one place.
 *
 *   running --1st--> stopping --2nd--> forcing --3rd--> exit
 *
 * The first signal aborts `stop`: work in flight is given up, and a command that has something to stop gracefully
 * begins with that. The second aborts `force`: it kills instead of waiting. Where a command has announced no
 * graceful phase (`gracefulPhase`), the second exits at once. Whatever happens, the process ends: `force` is
 * followed by an exit when the work does not end by itself.
 */
export type TerminationSignal = "SIGINT" | "SIGTERM" | "SIGHUP";

export const EXIT_CODE: Readonly<Record<TerminationSignal, number>> = {
  SIGHUP: 129,
  SIGINT: 130,
  SIGTERM: 143,
};
/** How long a forced end may take before the process goes without it. Milliseconds. */
export const FORCE_GRACE_MS = 5_000;

export interface SignalSource {
  on(signal: TerminationSignal, listener: () => void): void;
  off(signal: TerminationSignal, listener: () => void): void;
}

export interface InterruptDependencies {
  readonly source: SignalSource;
  readonly exit: (code: number) => void;
  /** Calls back later without keeping the process alive; answers how to cancel. */
  readonly after: (milliseconds: number, callback: () => void) => () => void;
}

export interface Interrupts {
  /** Aborts at the first signal. */
  readonly stop: AbortSignal;
  /** Aborts at the second. */
  readonly force: AbortSignal;
  /** 128 + number of the first signal; undefined: there was none. */
  exitCode(): number | undefined;
  /** From now on a second signal means `force`, not an immediate exit. */
  gracefulPhase(): void;
  /** The same as a first signal, for failures that need the graceful end (a closed output, an aborting container). */
  requestStop(): void;
  /** What SIGINT does, for a terminal that gives Ctrl-C as a key. */
  interrupt(): void;
  /** Stops listening. */
  dispose(): void;
}

const SIGNALS: readonly TerminationSignal[] = ["SIGINT", "SIGTERM", "SIGHUP"];

export function createInterrupts({ source, exit, after }: InterruptDependencies): Interrupts {
  const stop = new AbortController();
  const force = new AbortController();
  let received = 0;
  let code: number | undefined;
  let graceful = false;
  let cancelTimer: (() => void) | undefined;

  const exitWith = (): void => exit(code ?? 1);
  const handle = (signal: TerminationSignal): void => {
    received += 1;
    code ??= EXIT_CODE[signal];
    if (received === 1) {
      stop.abort();
      return;
    }
    if (received === 2 && graceful) {
      force.abort();
      cancelTimer = after(FORCE_GRACE_MS, exitWith);
      return;
    }
    exitWith();
  };

  const listeners = SIGNALS.map((signal) => [signal, () => handle(signal)] as const);
  for (const [signal, listener] of listeners) source.on(signal, listener);
  return {
    stop: stop.signal,
    force: force.signal,
    exitCode: () => code,
    gracefulPhase: () => {
      graceful = true;
    },
    requestStop: () => stop.abort(),
    interrupt: () => handle("SIGINT"),
    dispose: () => {
      cancelTimer?.();
      for (const [signal, listener] of listeners) source.off(signal, listener);
    },
  };
}
