/**
 * The engine's line times. Docker writes UTC with nine digits, 30 characters, which sort as text; Podman writes local
 * time with as many digits as needed. Everything here leaves as Docker's form.
 */

const FIXED_LENGTH = 30;
const SECOND = 1_000_000_000n;
const PARTS = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/;

/** UTC with nine digits; text that is no time is answered as it is. */
export function normalizeTimestamp(text: string): string {
  if (text.length === FIXED_LENGTH && text.endsWith("Z")) return text;
  const [, seconds, fraction = "", zone] = PARTS.exec(text) ?? [];
  if (seconds === undefined || zone === undefined) return text;
  const utc = zone === "Z" ? seconds : new Date(`${seconds}${zone}`).toISOString().slice(0, 19);
  return `${utc}.${fraction.padEnd(9, "0").slice(0, 9)}Z`;
}

/** The Engine API's `since`: Unix seconds, a point, nine digits; `add` nanoseconds later. */
export function toUnixSeconds(timestamp: string, add = 0): string {
  const seconds = BigInt(Date.parse(`${timestamp.slice(0, 19)}Z`) / 1000);
  const nanoseconds = seconds * SECOND + BigInt(timestamp.slice(20, 29)) + BigInt(add);
  return `${nanoseconds / SECOND}.${String(nanoseconds % SECOND).padStart(9, "0")}`;
}
