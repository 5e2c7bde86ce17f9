/** Results that go to a file instead of standard output. */
import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { UsageError } from "../engine/error.ts";
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
