/**
 * Where the following of a container's log stands, so that the next life's reading goes on without loss or
 * repetition: one nanosecond after the last line of the life before.
 */
import type { LogBlock } from "./read-container.ts";
import { toUnixSeconds } from "./timestamp.ts";

export class Cursor {
  #last = "";
  /** Lines up to this moment belong to an earlier reading: a guard against engines that round `since`. */
  #known = "";

  /** The `since` of the next reading, undefined before the first line. */
  resume(): string | undefined {
    this.#known = this.#last;
    return this.#last === "" ? undefined : toUnixSeconds(this.#last, 1);
  }

  /** Notes the block as read and answers what of it is new. */
  accept(block: LogBlock): LogBlock {
    const { lines, timestamps } = block;
    const isNew = (time: string): boolean => time > this.#known;
    const first = (timestamps[0] ?? "") > this.#known ? 0 : timestamps.findIndex(isNew);
    this.#last = later(this.#last, timestamps.at(-1) ?? "");
    if (first === 0) return block;
    const from = first < 0 ? lines.length : first;
    return { stream: block.stream, lines: lines.slice(from), timestamps: timestamps.slice(from) };
  }
}

function later(a: string, b: string): string {
  return a > b ? a : b;
}
