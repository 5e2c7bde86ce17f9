/** Logs of fake containers. */
import type { LogOptions, OutputChunk } from "../../../engine/docker/api.ts";
import { throwIfAborted } from "./calls.ts";
import type { LogRecord } from "./records.ts";
import { isUp, needContainer, waitForChange, type World } from "./world.ts";

export async function* containerLogs(
  world: World,
  reference: string,
  options: LogOptions,
): AsyncGenerator<OutputChunk> {
  const container = needContainer(world, reference, `GET /containers/${reference}/logs`);
  const kept = container.logs.filter((record) => isWithin(record, options));
  const tail = options.tail ?? "all";
  for (const record of tail === "all" ? kept : kept.slice(Math.max(0, kept.length - tail))) {
    yield chunk(record, options);
  }
  if (options.follow !== true) return;
  let seen = container.logs.length;
  for (;;) {
    throwIfAborted(options.signal);
    const fresh = container.logs.slice(seen);
    seen += fresh.length;
    for (const record of fresh) yield chunk(record, options);
    if (fresh.length > 0) continue;
    // The stream ends with the process, also when the restart policy starts another one.
    if (!isUp(container)) return;
    await waitForChange(world, options.signal);
  }
}

function isWithin(record: LogRecord, { since, until }: LogOptions): boolean {
  const seconds = record.time.getTime() / 1000;
  return (
    (since === undefined || seconds >= toSeconds(since)) &&
    (until === undefined || seconds <= toSeconds(until))
  );
}

function toSeconds(text: string): number {
  const seconds = Number(text);
  return Number.isNaN(seconds) ? Date.parse(text) / 1000 : seconds;
}

function chunk(record: LogRecord, options: LogOptions): OutputChunk {
  const prefix = options.timestamps === true ? `${record.time.toISOString().replace("Z", "000000Z")} ` : "";
  return { stream: options.tty ? "stdout" : record.stream, data: Buffer.from(`${prefix}${record.text}`) };
}
