/** What containers have written, without following: merged in the order of time. */
import { inspectTty } from "./inspect.ts";
import type { ReadOnlyEngine } from "../docker/api.ts";
import type { EmitLogs, LogRange, LogTarget } from "./model.ts";
import { readContainer, type LogBlock } from "./read-container.ts";

/** Rejects with the engine's error, and with AbortedError when the signal aborts. */
export async function readLogs(
  engine: ReadOnlyEngine,
  targets: readonly LogTarget[],
  range: LogRange,
  emit: EmitLogs,
  signal: AbortSignal,
): Promise<void> {
  const stop = new AbortController();
  const both = AbortSignal.any([signal, stop.signal]);
  const sources = await Promise.all(
    targets.map(async (target) => {
      const tty = await inspectTty(engine, target.id, signal);
      // Times cost the engine work: a single log needs none to be in order.
      const timestamps = range.timestamps === true || targets.length > 1;
      const { tail = "all", since, until } = range;
      return new Source(target, readContainer(engine, target.id, { tty, tail, since, until, timestamps, signal: both }));
    }),
  );
  try {
    await Promise.all(sources.map((source) => source.fill()));
    await merge(sources, range.timestamps === true, emit);
  } finally {
    stop.abort();
    await Promise.all(sources.map((source) => source.close()));
  }
}

/** A log with its next block at hand, and the one after it on its way. */
class Source {
  readonly target: LogTarget;
  block: LogBlock | undefined;
  at = 0;
  readonly #blocks: AsyncGenerator<LogBlock>;
  #next: Promise<IteratorResult<LogBlock>> | undefined;

  constructor(target: LogTarget, blocks: AsyncGenerator<LogBlock>) {
    this.target = target;
    this.#blocks = blocks;
  }

  /** Time of the next line. */
  get time(): string {
    return this.block?.timestamps[this.at] ?? "";
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

  async close(): Promise<void> {
    await this.#next?.catch(() => undefined);
    await this.#blocks.return(undefined).catch(() => undefined);
  }
}

async function merge(sources: readonly Source[], timestamps: boolean, emit: EmitLogs): Promise<void> {
  let open = sources.filter((source) => source.block !== undefined);
  while (open.length > 0) {
    const { first, limit } = earliest(open);
    const { block } = first;
    if (block === undefined) continue;
    const end = open.length === 1 ? block.lines.length : runEnd(first, limit);
    const whole = first.at === 0 && end === block.lines.length;
    const pressure = emit({
      type: "lines",
      service: first.target.service,
      container: first.target.name,
      stream: block.stream,
      lines: whole ? block.lines : block.lines.slice(first.at, end),
      ...(timestamps ? { timestamps: whole ? block.timestamps : block.timestamps.slice(first.at, end) } : {}),
    });
    if (pressure !== undefined) await pressure;
    first.at = end;
    if (end < block.lines.length) continue;
    await first.fill();
    if (first.block === undefined) open = open.filter((source) => source !== first);
  }
}

/** The source with the earliest line, and the earliest time among the others. */
function earliest(open: readonly Source[]): { readonly first: Source; readonly limit: string } {
  let [first] = open as readonly [Source, ...Source[]];
  let limit = "\uffff";
  for (const source of open) {
    if (source === first) continue;
    if (source.time < first.time) {
      limit = first.time;
      first = source;
    } else if (source.time < limit) limit = source.time;
  }
  return { first, limit };
}

/** End of the run of lines that come before the others' next line. */
function runEnd(source: Source, limit: string): number {
  const times = source.block?.timestamps ?? [];
  let end = source.at + 1;
  while (end < times.length && (times[end] ?? "") <= limit) end += 1;
  return end;
}
