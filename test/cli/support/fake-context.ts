/** A command-line context in memory. */
import type { CliContext } from "../../../cli/context.ts";
import type { Output } from "../../../cli/output.ts";

export interface FakeOutput extends Output {
  text(): string;
}

export function fakeOutput(size?: { readonly columns: number; readonly rows: number }): FakeOutput {
  let written = "";
  return {
    isTTY: size !== undefined,
    columns: () => size?.columns,
    rows: () => size?.rows,
    write(text) {
      written += String(text);
    },
    onResize: () => () => undefined,
    flush: () => Promise.resolve(),
    isCongested: () => false,
    ready: () => Promise.resolve(),
    text: () => written,
  };
}

export interface FakeContext extends CliContext {
  readonly stdout: FakeOutput;
  readonly stderr: FakeOutput;
}

export function fakeContext(
  argv: readonly string[] = [],
  options: { readonly env?: CliContext["env"]; readonly interruptedWith?: number } = {},
): FakeContext {
  return {
    argv,
    env: options.env ?? {},
    cwd: "/work",
    home: "/home/user",
    stdout: fakeOutput(),
    stderr: fakeOutput(),
    stdin: process.stdin,
    interrupts: {
      stop: new AbortController().signal,
      force: new AbortController().signal,
      exitCode: () => options.interruptedWith,
      gracefulPhase: () => undefined,
      requestStop: () => undefined,
      interrupt: () => undefined,
      dispose: () => undefined,
    },
    now: () => 0,
  };
}
