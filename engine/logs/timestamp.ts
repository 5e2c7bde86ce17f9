/**
 * The engine's line times. Docker writes UTC with nine digits, 30 characters, which sort as text; Podman writes local
 * time with as many digits as needed. Everything here leaves as Docker's form.
 */

const FIXED_LENGTH = 30;
const PARTS = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/;

/** UTC with nine digits; text that is no time is answered as it is. */
export function normalizeTimestamp(text: string): string {
  if (text.length === FIXED_LENGTH && text.endsWith("Z")) return text;
  const [, seconds, fraction = "", zone] = PARTS.exec(text) ?? [];
  if (seconds === undefined || zone === undefined) return text;
  const utc = zone === "Z" ? seconds : new Date(`${seconds}${zone}`).toISOString().slice(0, 19);
  return `${utc}.${fraction.padEnd(9, "0").slice(0, 9)}Z`;
}

/** The Engine API's `since`: Unix seconds, a point, nine digits. */
export function toUnixSeconds(timestamp: string): string {
  const seconds = Date.parse(`${timestamp.slice(0, 19)}Z`) / 1000;
  return `${seconds}.${timestamp.slice(20, 29)}`;
}
