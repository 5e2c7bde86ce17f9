/** Composition root: everything of the process that a command may touch, as one value that tests can replace. */
import { homedir } from "node:os";
import { streamOutput, type Output } from "./output.ts";
import { createInterrupts, type Interrupts } from "./signals.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

export interface CliContext {
  /** Arguments after the program's name. */
  readonly argv: readonly string[];
  readonly env: Environment;
  /** Absolute. */
  readonly cwd: string;
  readonly home: string;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly stdin: NodeJS.ReadStream;
  readonly interrupts: Interrupts;
  /** Unix milliseconds. */
  readonly now: () => number;
}

/** The reader of standard output has gone: what a shell reports for SIGPIPE. */
const EXIT_CODE_PIPE = 141;

export function createProcessContext(process: NodeJS.Process): CliContext {
  const gone = (): void => process.exit(EXIT_CODE_PIPE);
  return {
    argv: process.argv.slice(2),
    env: process.env,
    cwd: process.cwd(),
    home: homedir(),
    stdout: streamOutput(process.stdout, gone),
    stderr: streamOutput(process.stderr, () => undefined),
    get stdin() {
      return process.stdin;
    },
    interrupts: createInterrupts({
      source: process,
      exit: (code) => process.exit(code),
      after: (milliseconds, callback) => {
        const timer = setTimeout(callback, milliseconds).unref();
        return () => clearTimeout(timer);
      },
    }),
    now: Date.now,
  };
}
