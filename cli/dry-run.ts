/** `--dry-run` of commands that are one act and no plan: what they would do, a line each. */
import type { CliContext } from "./context.ts";
import { EXIT_OK } from "./exit.ts";

/** `acts` without a subject: `kill container app-web-1`. */
export function printDryRun({ stdout }: CliContext, acts: readonly string[]): number {
  const lines = acts.length === 0 ? ["nothing to do"] : acts.map((act) => `would ${act}`);
  stdout.write(lines.map((line) => `${line}\n`).join(""));
  return EXIT_OK;
}
