/** A bell that remembers one ring: whoever waits next, or waits now, goes on. */
import type { Clock } from "../execute/model.ts";

export class Latch {
  #isRung = false;
  #wake: (() => void) | undefined;

  ring(): void {
    this.#isRung = true;
    this.#wake?.();
  }

  /** Resolves at the next ring, or after `ms` at the latest. Rejects with the clock's AbortedError. */
  async wait(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
    if (!this.#isRung) await this.#sleep(clock, ms, signal);
    this.#isRung = false;
  }

  #sleep(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = new AbortController();
      const stop = (): void => timer.abort();
      signal.addEventListener("abort", stop, { once: true });
      if (signal.aborted) stop();
      this.#wake = () => {
        signal.removeEventListener("abort", stop);
        resolve();
        stop();
      };
      // After a ring the promise is settled already, and the end of the timer means nothing.
      clock.sleep(ms, timer.signal).then(() => this.#wake?.(), reject);
    });
  }
}
