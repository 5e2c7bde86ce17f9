/** The machine's own time. */
import { AbortedError } from "../error.ts";
import type { Clock } from "./model.ts";

/** setTimeout takes at most 2^31 - 1 ms and fires at once above that. */
const LONGEST_TIMER = 2 ** 31 - 1;

export const systemClock: Clock = { now: () => Date.now(), sleep: sleepFor };

function sleepFor(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(new AbortedError());
      return;
    }
    const timer = setTimeout(
      () => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      },
      Math.min(Math.max(ms, 0), LONGEST_TIMER),
    );
    function onAbort(): void {
      clearTimeout(timer);
      reject(new AbortedError());
    }
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}
