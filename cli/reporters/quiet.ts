/** Says nothing; failures are reported by the command itself. */
import type { Reporter } from "./reporter.ts";

export function createQuietReporter(): Reporter {
  return { handle: () => undefined, close: () => Promise.resolve() };
}
