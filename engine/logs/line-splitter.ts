/** Bytes as they come become whole lines: across chunks, with `\n` or `\r\n`, characters never cut. */

const NEWLINE = 10;

export class LineSplitter {
  readonly #onLine: (line: string) => void;
  #rest: Buffer[] = [];

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  write(data: Buffer): void {
    const last = data.lastIndexOf(NEWLINE);
    if (last < 0) {
      this.#rest.push(data);
      return;
    }
    const whole = data.subarray(0, last);
    const text = (this.#rest.length === 0 ? whole : Buffer.concat([...this.#rest, whole])).toString("utf8");
    this.#rest = last + 1 < data.length ? [data.subarray(last + 1)] : [];
    for (const line of text.split("\n")) this.#onLine(trimReturn(line));
  }

  /** What is left without a newline is a line too. */
  end(): void {
    if (this.#rest.length === 0) return;
    const line = Buffer.concat(this.#rest).toString("utf8");
    this.#rest = [];
    if (line !== "") this.#onLine(trimReturn(line));
  }
}

function trimReturn(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}
