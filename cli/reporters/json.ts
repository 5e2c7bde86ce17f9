/** Newline-delimited JSON: every engine event as it is. Its schema is `cli/reporters/event.schema.json`. */
import type { EngineEvent } from "../../engine/event.ts";
import type { Reporter } from "./reporter.ts";

export function createJsonReporter(write: (text: string) => void): Reporter {
  return {
    handle: (event: EngineEvent) => write(`${JSON.stringify(event)}\n`),
    close: () => Promise.resolve(),
  };
}
