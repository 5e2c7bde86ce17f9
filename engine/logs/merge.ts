/** Several logs in the order of time. */
import type { EmitLogs, LogTarget } from "./model.ts";
import type { LogBlock } from "./read-container.ts";

export interface LogSource {
  readonly target: LogTarget;
  /** With the time of each line. */
  readonly blocks: AsyncIterable<LogBlock>;
}

/** `timestamps`: hand the times on. */
export async function mergeByTime(
  logs: readonly LogSource[],
  timestamps: boolean,
  emit: EmitLogs,
): Promise<void> {
  const sources = logs.map(({ target, blocks }) => new Source(target, blocks[Symbol.asyncIterator]()));
  await Promise.all(sources.map((source) => source.fill()));
  let open = sources.filter((source) => source.block !== undefined);
  for (let next = earliest(open); next !== undefined; next = earliest(open)) {
    const { first, block, limit } = next;
    const end = open.length === 1 ? block.lines.length : runEnd(block, first.at, limit);
    const isWhole = first.at === 0 && end === block.lines.length;
    const pressure = emit({
      type: "lines",
      service: first.target.service,
      container: first.target.name,
      stream: block.stream,
      lines: isWhole ? block.lines : block.lines.slice(first.at, end),
      ...(timestamps
        ? { timestamps: isWhole ? block.timestamps : block.timestamps.slice(first.at, end) }
        : {}),
    });
    if (pressure !== undefined) await pressure;
    first.at = end;
    if (end < block.lines.length) continue;
    await first.fill();
    if (first.block === undefined) open = open.filter((source) => source !== first);
  }
}

/** A log with its next block at hand, and the one after it on its way. */
class Source {
  readonly target: LogTarget;
  block: LogBlock | undefined;
  at = 0;
  readonly #blocks: AsyncIterator<LogBlock>;
  #next: Promise<IteratorResult<LogBlock>> | undefined;

  constructor(target: LogTarget, blocks: AsyncIterator<LogBlock>) {
    this.target = target;
    this.#blocks = blocks;
  }

  async fill(): Promise<void> {
    const result = await (this.#next ?? this.#blocks.next());
    this.block = result.done === true ? undefined : result.value;
    this.at = 0;
    if (this.block === undefined) return;
    this.#next = this.#blocks.next();
    // Looked at by the next fill; a failure before that must not count as unheard.
    this.#next.catch(() => undefined);
  }
}

interface Earliest {
  readonly first: Source;
  readonly block: LogBlock;
  /** The earliest time among the other sources. */
  readonly limit: string;
}

function earliest(open: readonly Source[]): Earliest | undefined {
  let first: Source | undefined;
  let time = AFTER_ALL;
  let limit = AFTER_ALL;
  for (const source of open) {
    const own = source.block?.timestamps[source.at] ?? "";
    if (first === undefined || own < time) {
      limit = time;
      time = own;
      first = source;
    } else if (own < limit) limit = own;
  }
  const block = first?.block;
  return first === undefined || block === undefined ? undefined : { first, block, limit };
}

const AFTER_ALL = "\uffff";

/** End of the run of lines that come before the others' next line. */
function runEnd({ timestamps }: LogBlock, at: number, limit: string): number {
  let end = at + 1;
  while (end < timestamps.length && (timestamps[end] ?? "") <= limit) end += 1;
  return end;
}
