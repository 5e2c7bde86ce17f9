/** Points in time as they are given to `--since` and `--until`. */
import { UsageError } from "../engine/error.ts";
import { parseDuration } from "../schema/quantity.ts";

/** `10m` (ago), Unix seconds or a date, as the engine takes it: Unix seconds with fraction. `now` in milliseconds. */
export function parsePointInTime(flag: string, text: string, now: number): string {
  if (/^\d+(\.\d+)?$/.test(text)) return text;
  const ago = parseDuration(text);
  if (ago !== undefined) return ((now - ago) / 1000).toFixed(3);
  const date = Date.parse(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00` : text);
  if (!Number.isNaN(date)) return (date / 1000).toFixed(3);
  throw new UsageError(`${flag} does not understand "${text}"`, {
    hint: "give a duration such as 10m, a date such as 2026-01-02T13:23:37Z, or Unix seconds",
  });
}
