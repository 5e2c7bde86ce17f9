/** One line an event, for pipes, files and CI: ` Container app-web-1  Started`. */
import type { EngineEvent } from "../../engine/event.ts";
import { renderWarning } from "../render/warning.ts";
import { ProgressModel } from "./progress.ts";
import type { Reporter } from "./reporter.ts";

export function createPlainReporter(write: (text: string) => void): Reporter {
  const model = new ProgressModel();
  return {
    handle(event: EngineEvent): void {
      if (event.type === "warning") write(`${renderWarning(event.warning)}\n`);
      for (const update of model.apply(event)) {
        if (update.type === "output") write(` ${update.row.title}  | ${update.line}\n`);
        else write(` ${update.row.title}  ${update.word}${update.detail ? ` ${update.detail}` : ""}\n`);
      }
    },
    close: () => Promise.resolve(),
  };
}
