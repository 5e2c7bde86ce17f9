/**
 * The last lines of a terminal, drawn again and again in place; anything else is printed above them. Each drawing is
 * one write, and a drawing equal to the last is none.
 */
import type { Output } from "./output.ts";
import { displayWidth } from "./render/text.ts";

const HIDE_CURSOR = "\u001B[?25l";
const SHOW_CURSOR = "\u001B[?25h";
const ERASE_LINE_END = "\u001B[K";
const ERASE_BELOW = "\u001B[J";

export class LiveArea {
  readonly #output: Output;
  #drawn: readonly string[] = [];
  #hidden = false;

  constructor(output: Output) {
    this.#output = output;
  }

  draw(lines: readonly string[]): void {
    if (lines.length === this.#drawn.length && lines.every((line, i) => line === this.#drawn[i])) return;
    const hide = this.#hidden ? "" : HIDE_CURSOR;
    this.#hidden = true;
    this.#output.write(`${hide}${this.#home()}${paint(lines)}${ERASE_BELOW}`);
    this.#drawn = lines;
  }

  /** Takes the area away, runs `print`, and draws the area again below. */
  printAbove(print: () => void): void {
    const lines = this.#drawn;
    if (lines.length === 0) {
      print();
      return;
    }
    this.#output.write(`${this.#home()}${ERASE_BELOW}`);
    this.#drawn = [];
    print();
    this.#output.write(paint(lines));
    this.#drawn = lines;
  }

  /** Replaces the area by its last state, which stays, and gives the cursor back. */
  finish(lines: readonly string[]): void {
    this.#output.write(`${this.#home()}${paint(lines)}${ERASE_BELOW}${this.#hidden ? SHOW_CURSOR : ""}`);
    this.#drawn = [];
    this.#hidden = false;
  }

  /** To the first line of the area. Lines wrap when the window has been made narrower since. */
  #home(): string {
    const columns = this.#output.columns() ?? 80;
    const height = this.#drawn.reduce(
      (sum, line) => sum + Math.max(1, Math.ceil(displayWidth(line) / columns)),
      0,
    );
    return height === 0 ? "" : `\r\u001B[${height}A`;
  }
}

function paint(lines: readonly string[]): string {
  return lines.map((line) => `${line}${ERASE_LINE_END}\n`).join("");
}
