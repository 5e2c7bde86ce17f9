/** What turns engine events into output. One of them is active for a run; `cli/reporters/select.ts` picks it. */
import type { EngineEvent } from "../../engine/event.ts";

export interface Reporter {
  /** Takes every event in order. Never throws, never blocks. */
  handle(event: EngineEvent): void;
  /** Draws the last state and lets go of the terminal. Safe to call twice. */
  close(): Promise<void>;
}

export const PROGRESS_MODES = ["auto", "tty", "plain", "json", "quiet"] as const;
export type ProgressMode = (typeof PROGRESS_MODES)[number];
