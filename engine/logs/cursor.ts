/**
 * Where the following of a container's log stands, so that a new reading goes on without loss or repetition. The
 * engine's `since` includes its moment, and several lines may share one: they are counted.
 */
import type { LogBlock } from "./read-container.ts";
import { toUnixSeconds } from "./timestamp.ts";

export class Cursor {
  #last = "";
  #linesAtLast = 0;
  /** Lines of the moment `#last` that the current reading repeats. */
  #toSkip = 0;

  /** The `since` of the next reading, undefined before the first line. */
  resume(): string | undefined {
    this.#toSkip = this.#linesAtLast;
    return this.#last === "" ? undefined : toUnixSeconds(this.#last);
  }

  /** Notes the block as read and answers what of it is new. */
  accept(block: LogBlock): LogBlock {
    const skipped = this.#toSkip > 0 || (block.timestamps[0] ?? "") < this.#last ? this.#skip(block) : block;
    for (let i = skipped.timestamps.length - 1, isLast = true; i >= 0 && isLast; i -= 1) {
      isLast = this.#count(skipped.timestamps, i);
    }
    return skipped;
  }

  /** Counts the line if it shares the block's last moment; `#last` moves with the first one counted. */
  #count(timestamps: readonly string[], index: number): boolean {
    const time = timestamps[index] ?? "";
    const last = timestamps.at(-1) ?? "";
    if (time !== last) return false;
    if (last !== this.#last) {
      this.#last = last;
      this.#linesAtLast = 0;
    }
    this.#linesAtLast += 1;
    return true;
  }

  #skip(block: LogBlock): LogBlock {
    let from = 0;
    for (const time of block.timestamps) {
      if (time > this.#last || (time === this.#last && this.#toSkip === 0)) break;
      if (time === this.#last) this.#toSkip -= 1;
      from += 1;
    }
    if (from < block.timestamps.length) this.#toSkip = 0;
    if (from === 0) return block;
    return { stream: block.stream, lines: block.lines.slice(from), timestamps: block.timestamps.slice(from) };
  }
}
