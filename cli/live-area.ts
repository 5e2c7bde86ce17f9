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
  /** What is drawn now, the footer included. */
  #drawn: readonly string[] = [];
  #body: readonly string[] = [];
  #footer: readonly string[] = [];
  #hidden = false;

  constructor(output: Output) {
    this.#output = output;
  }

  draw(body: readonly string[]): void {
    this.#body = body;
    const lines = [...body, ...this.#footer];
    if (lines.length === this.#drawn.length && lines.every((line, i) => line === this.#drawn[i])) return;
    const hide = this.#hidden ? "" : HIDE_CURSOR;
    this.#hidden = true;
    this.#output.write(`${hide}${this.#home()}${paint(lines)}${ERASE_BELOW}`);
    this.#drawn = lines;
  }

  /** Lines below everything, until they are taken away by an empty list. */
  setFooter(lines: readonly string[]): void {
    this.#footer = lines;
    if (this.#body.length + lines.length === 0) this.finish([]);
    else this.draw(this.#body);
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
    this.#body = [];
    this.#hidden = false;
    if (this.#footer.length > 0) this.draw([]);
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
