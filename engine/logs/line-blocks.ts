/**
 * Chunks of one output stream become blocks of whole lines. A chunk is decoded and split at once, not line by line:
 * half a million lines are a few thousand blocks.
 */
import { normalizeTimestamp } from "./timestamp.ts";

export interface LineBlock {
  readonly lines: string[];
  /** As many as lines; empty when the stream carries none. */
  readonly timestamps: string[];
}

const NEWLINE = 10;
const SPACE = 32;
/** The engine cuts longer lines into pieces, each with the line's time before it. */
const PIECE = 16 * 1024;

export class LineBlocks {
  readonly #timestamps: boolean;
  #rest: Buffer[] = [];

  /** `timestamps`: each line begins with a time and a space. */
  constructor(timestamps: boolean) {
    this.#timestamps = timestamps;
  }

  /** The lines that this chunk completes, or undefined when it completes none. */
  push(chunk: Buffer): LineBlock | undefined {
    const last = chunk.lastIndexOf(NEWLINE);
    if (last < 0) {
      if (chunk.length > 0) this.#rest.push(chunk);
      return undefined;
    }
    const whole = chunk.subarray(0, last);
    const block = this.#rest.length === 0 ? whole : Buffer.concat([...this.#rest, whole]);
    this.#rest = last + 1 < chunk.length ? [chunk.subarray(last + 1)] : [];
    return this.#toBlock(block);
  }

  /** What is left without a newline. */
  end(): LineBlock | undefined {
    if (this.#rest.length === 0) return undefined;
    const block = Buffer.concat(this.#rest);
    this.#rest = [];
    return this.#toBlock(block);
  }

  #toBlock(bytes: Buffer): LineBlock {
    const lines = bytes.toString("utf8").split("\n");
    if (lines.some((line) => line.length > PIECE) || (bytes.length > PIECE && lines.length === 1)) {
      return this.#toBlockOfPieces(bytes);
    }
    return this.#finish(lines);
  }

  /** The slow way, for lines that came in pieces: times inside the line are cut out before characters are decoded. */
  #toBlockOfPieces(bytes: Buffer): LineBlock {
    if (!this.#timestamps) return this.#finish(bytes.toString("utf8").split("\n"));
    const lines: string[] = [];
    for (let from = 0; from <= bytes.length;) {
      const newline = bytes.indexOf(NEWLINE, from);
      const to = newline < 0 ? bytes.length : newline;
      lines.push(joinPieces(bytes.subarray(from, to)).toString("utf8"));
      from = to + 1;
    }
    return this.#finish(lines);
  }

  #finish(lines: string[]): LineBlock {
    const timestamps: string[] = [];
    for (let i = 0; i < lines.length; i += 1) {
      let line = lines[i] ?? "";
      if (this.#timestamps) {
        const space = line.indexOf(" ");
        timestamps.push(normalizeTimestamp(space < 0 ? line : line.slice(0, space)));
        line = space < 0 ? "" : line.slice(space + 1);
        lines[i] = line;
      }
      if (line.charCodeAt(line.length - 1) === 13) lines[i] = line.slice(0, -1);
    }
    return { lines, timestamps };
  }
}

/** `TIME piece TIME piece`, all with the same time, becomes `TIME piece piece`. */
function joinPieces(line: Buffer): Buffer {
  const head = line.indexOf(SPACE) + 1;
  if (head === 0 || line.length <= head + PIECE) return line;
  const time = line.subarray(0, head);
  const kept: Buffer[] = [];
  let from = 0;
  for (let at = head + PIECE; at < line.length; at = from + head + PIECE) {
    if (!line.subarray(at, at + head).equals(time)) break;
    kept.push(line.subarray(from === 0 ? 0 : from + head, at));
    from = at;
  }
  kept.push(line.subarray(from === 0 ? 0 : from + head));
  return Buffer.concat(kept);
}
