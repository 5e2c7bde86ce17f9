/** Results that go to a file instead of standard output. */
import { createWriteStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { AbortedError, TcomposeError, UsageError } from "../engine/error.ts";
import type { CliContext } from "./context.ts";

/** Replaces the file's content; the path is relative to the current directory. */
export async function writeOutputFile(
  path: string,
  text: string,
  context: Pick<CliContext, "cwd">,
): Promise<void> {
  try {
    await writeFile(resolve(context.cwd, path), text);
  } catch (error) {
    throw new UsageError(`cannot write ${path}: ${(error as Error).message}`, { cause: error });
  }
}

/** Bytes to a file, or to standard output without a path. Rejects with AbortedError at an interrupt. */
export async function writeStream(
  source: Readable,
  path: string | undefined,
  { cwd, stdout, interrupts }: CliContext,
): Promise<void> {
  const { stop: signal } = interrupts;
  try {
    if (path !== undefined) {
      await pipeline(source, createWriteStream(resolve(cwd, path)), { signal });
      return;
    }
    for await (const chunk of source) {
      stdout.write(chunk as Buffer);
      if (stdout.isCongested()) await stdout.ready();
    }
  } catch (error) {
    if (signal.aborted) throw new AbortedError("aborted", { cause: error });
    if (path === undefined || error instanceof TcomposeError) throw error;
    throw new UsageError(`cannot write ${path}: ${(error as Error).message}`, { cause: error });
  }
}

/** @throws UsageError when bytes that are no text would go to a terminal */
export function refuseTerminal({ stdout }: CliContext): void {
  if (!stdout.isTTY) return;
  throw new UsageError("a tar is not written to a terminal", {
    hint: "send it to a file or a program: > FILE, or | tar t",
  });
}
