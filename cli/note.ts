/** Remarks beside the progress: a line on standard error, which with `--progress json` is JSON like all others. */
import type { Invocation } from "./command.ts";
import { decideProgress } from "./terminal.ts";

export function note(
  { context, globals }: Pick<Invocation<unknown>, "context" | "globals">,
  text: string,
): void {
  const { stderr, env } = context;
  const isJson = decideProgress(globals.progress, env, stderr, globals.ansi) === "json";
  const message = { type: "note", time: context.now(), message: text };
  stderr.write(`${isJson ? JSON.stringify(message) : text}\n`);
}
