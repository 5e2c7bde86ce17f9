/** Runs a provider's program to its end, line by line. */
import { spawn } from "node:child_process";
import { AbortedError, RefusedError } from "../error.ts";
import { LineSplitter } from "../logs/line-splitter.ts";
import type { Variables } from "./find-provider.ts";

export interface ProgramRun {
  readonly env: Variables;
  readonly signal: AbortSignal;
  readonly onLine: (stream: "stdout" | "stderr", line: string) => void;
}

/** Answers the exit code. An abort asks the program to end (SIGTERM), waits for that, and rejects with AbortedError. */
export function runProgram(path: string, args: readonly string[], run: ProgramRun): Promise<number> {
  const { env, signal, onLine } = run;
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(new AbortedError());
    const child = spawn(path, args, { env: { ...env }, stdio: ["ignore", "pipe", "pipe"] });
    const out = new LineSplitter((line) => onLine("stdout", line));
    const err = new LineSplitter((line) => onLine("stderr", line));
    child.stdout.on("data", (data: Buffer) => out.write(data));
    child.stderr.on("data", (data: Buffer) => err.write(data));
    const onAbort = (): void => void child.kill("SIGTERM");
    signal.addEventListener("abort", onAbort, { once: true });
    child.on("error", (cause) =>
      reject(new RefusedError(`${path} cannot be run: ${cause.message}`, { cause })),
    );
    child.on("close", (code) => {
      signal.removeEventListener("abort", onAbort);
      out.end();
      err.end();
      if (signal.aborted) reject(new AbortedError());
      // Ended by a signal: no success.
      else resolve(code ?? 1);
    });
  });
}
