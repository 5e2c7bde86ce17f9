/** What containers have written, without following. */
import { setMaxListeners } from "node:events";
import { Readable } from "node:stream";
import type { ReadOnlyEngine } from "../docker/api.ts";
import { inspectTty } from "./inspect.ts";
import { mergeByTime, type LogSource } from "./merge.ts";
import type { EmitLogs, LogRange, LogTarget } from "./model.ts";
import { readContainer, type LogBlock, type ReadOptions } from "./read-container.ts";

/**
 * Line times double what a log costs the engine. Without being asked for them they are used for logs of up to this
 * many lines each, which come merged in the order of time; longer ones are interleaved as they arrive.
 */
const MERGED_LINES = 10_000;

interface TargetReader {
  readonly target: LogTarget;
  readonly read: (options: Pick<ReadOptions, "timestamps" | "tail">) => AsyncGenerator<LogBlock>;
}

/**
 * Several logs come merged in the order of time whenever a part of them or their times are asked for, and when they
 * are not long. Rejects with the engine's error, and with AbortedError when the signal aborts.
 */
export async function readLogs(
  engine: ReadOnlyEngine,
  targets: readonly LogTarget[],
  range: LogRange,
  emit: EmitLogs,
  signal: AbortSignal,
): Promise<void> {
  const stop = new AbortController();
  const both = AbortSignal.any([signal, stop.signal]);
  // Every log listens: more than ten is no leak here.
  setMaxListeners(0, both);
  const { tail = "all", since, until } = range;
  const readers = await Promise.all(
    targets.map(async (target): Promise<TargetReader> => {
      const tty = await inspectTty(engine, target.id, signal);
      const options = { tty, tail, since, until, signal: both };
      return { target, read: (more) => readContainer(engine, target.id, { ...options, ...more }) };
    }),
  );
  const isPart = tail !== "all" || since !== undefined || until !== undefined;
  try {
    if (range.timestamps === true || (isPart && targets.length > 1)) {
      await mergeByTime(readers.map(toSource), range.timestamps === true, emit);
    } else if (targets.length === 1 || !(await mergeIfShort(readers, emit))) {
      await Promise.all(readers.map((reader) => readPlain(reader, emit)));
    }
  } finally {
    stop.abort();
  }
}

function toSource({ target, read }: TargetReader): LogSource {
  return { target, blocks: read({ timestamps: true }) };
}

async function readPlain({ target, read }: TargetReader, emit: EmitLogs): Promise<void> {
  const { service, name: container } = target;
  for await (const { stream, lines } of read({ timestamps: false })) {
    const pressure = emit({ type: "lines", service, container, stream, lines });
    if (pressure !== undefined) await pressure;
  }
}

/** Reads the ends of the logs; when each is a whole log, gives them merged. Answers whether it did. */
async function mergeIfShort(readers: readonly TargetReader[], emit: EmitLogs): Promise<boolean> {
  const sources: LogSource[] = [];
  for (const { target, read } of readers) {
    const blocks: LogBlock[] = [];
    let count = 0;
    for await (const block of read({ timestamps: true, tail: MERGED_LINES + 1 })) {
      blocks.push(block);
      count += block.lines.length;
    }
    if (count > MERGED_LINES) return false;
    sources.push({ target, blocks: Readable.from(blocks) });
  }
  await mergeByTime(sources, false, emit);
  return true;
}
