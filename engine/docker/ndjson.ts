/** Streams of JSON values, one a line, as events, pull, push and build send them. */
import { EngineProtocolError } from "../error.ts";

const NEWLINE = 10;

/**
 * Parses each line of a byte stream. Blank lines are left out; a last line without line end counts.
 * @throws EngineProtocolError for a line that is not JSON
 */
export async function* parseJsonLines<T>(
  source: AsyncIterable<Buffer>,
  operation: string,
): AsyncGenerator<T> {
  let rest: Buffer[] = [];
  for await (const chunk of source) {
    const end = chunk.lastIndexOf(NEWLINE);
    if (end < 0) {
      rest.push(chunk);
      continue;
    }
    const complete = Buffer.concat([...rest, chunk.subarray(0, end)]).toString();
    rest = end + 1 < chunk.length ? [chunk.subarray(end + 1)] : [];
    for (const line of complete.split("\n")) if (line.trim() !== "") yield parseJson(line, operation) as T;
  }
  const last = Buffer.concat(rest).toString();
  if (last.trim() !== "") yield parseJson(last, operation) as T;
}

/** The engine's JSON is trusted to have its documented form; that it is JSON at all is checked here. */
export function parseJson(text: string, operation: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const start = text.length > 80 ? `${text.slice(0, 80)}...` : text;
    throw new EngineProtocolError(`the engine's answer to ${operation} is not JSON: ${start}`, { cause });
  }
}
