/**
 * After a burst every tree of the service is compared once more, when all is quiet: an event that the kernel dropped
 * costs nothing then.
 */
import type { Batch } from "./loop.ts";
import type { ServiceWatch } from "./service-watch.ts";

const QUIET_MS = 400;
/** A batch of this many paths is a burst. */
const BURST_PATHS = 20;

export class TreeVerifier {
  readonly #isIdle: () => boolean;
  readonly #compare: (service: ServiceWatch) => void;
  readonly #due = new Set<ServiceWatch>();
  /** The next batch of these answers a comparison. */
  readonly #compared = new Set<ServiceWatch>();
  #timer: NodeJS.Timeout | undefined;

  constructor(isIdle: () => boolean, compare: (service: ServiceWatch) => void) {
    this.#isIdle = isIdle;
    this.#compare = compare;
  }

  /** A batch has been carried out. */
  ran(service: ServiceWatch, batch: Batch, ok: boolean): void {
    // What fails would be compared for ever.
    if (this.#compared.delete(service) && !ok) return;
    if (batch.sync.size === 0 || batch.paths < BURST_PATHS) return;
    this.#due.add(service);
    this.#wait();
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #wait(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (!this.#isIdle()) {
        this.#wait();
        return;
      }
      const due = [...this.#due];
      this.#due.clear();
      for (const service of due) {
        this.#compared.add(service);
        this.#compare(service);
      }
    }, QUIET_MS);
  }
}
