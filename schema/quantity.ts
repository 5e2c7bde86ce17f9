/**
 * Durations and byte sizes as the format writes them.
 *
 * Durations are Go's (`1h30m`, `1.5s`, `250ms`) with days and weeks added; sizes are Docker's (`64m`, `1.5GiB`), where
 * every unit is a power of 1024. Both keep Go's 64-bit limits, so that what the engine would refuse is refused here.
 */

const NANOSECONDS: ReadonlyMap<string, bigint> = new Map([
  ["ns", 1n],
  ["us", 1_000n],
  ["\u00b5s", 1_000n],
  ["\u03bcs", 1_000n],
  ["ms", 1_000_000n],
  ["s", 1_000_000_000n],
  ["m", 60_000_000_000n],
  ["h", 3_600_000_000_000n],
  ["d", 86_400_000_000_000n],
  ["w", 604_800_000_000_000n],
]);

const MAX_INT64 = 2n ** 63n - 1n;
const MILLISECOND = 1_000_000;
const DURATION_PART = /(\d*)(?:\.(\d*))?([a-z\u00b5\u03bc]+)/y;

/** Milliseconds (fractions kept) of a duration, or undefined when the text is none. */
export function parseDuration(text: string): number | undefined {
  const ns = parseNanoseconds(text);
  return ns === undefined ? undefined : Number(ns) / MILLISECOND;
}

/** The duration as Go prints it: `90s` becomes `1m30s`, `1w` becomes `168h0m0s`. Undefined when the text is none. */
export function canonicalDuration(text: string): string | undefined {
  const ns = parseNanoseconds(text);
  return ns === undefined ? undefined : printNanoseconds(ns);
}

/** Go-style text of a number of milliseconds. */
export function formatDuration(ms: number): string {
  return printNanoseconds(BigInt(Math.round(ms * MILLISECOND)));
}

function parseNanoseconds(text: string): bigint | undefined {
  const signed = text.startsWith("-") || text.startsWith("+");
  const rest = signed ? text.slice(1) : text;
  if (rest === "0") return 0n;
  if (rest === "") return undefined;
  let total = 0n;
  DURATION_PART.lastIndex = 0;
  while (DURATION_PART.lastIndex < rest.length) {
    const match = DURATION_PART.exec(rest);
    if (match === null) return undefined;
    const part = partNanoseconds(match[1] ?? "", match[2] ?? "", match[3] ?? "");
    if (part === undefined) return undefined;
    total += part;
  }
  if (total > MAX_INT64) return undefined;
  return text.startsWith("-") ? -total : total;
}

function partNanoseconds(whole: string, fraction: string, unitName: string): bigint | undefined {
  const unit = NANOSECONDS.get(unitName);
  if (unit === undefined || (whole === "" && fraction === "")) return undefined;
  if (whole.length > 20) return undefined;
  // Digits beyond a nanosecond's reach change nothing; cutting them keeps the arithmetic small.
  const digits = fraction.slice(0, 18);
  const part = digits === "" ? 0n : (BigInt(digits) * unit) / 10n ** BigInt(digits.length);
  return BigInt(whole === "" ? "0" : whole) * unit + part;
}

function printNanoseconds(ns: bigint): string {
  if (ns === 0n) return "0s";
  const sign = ns < 0n ? "-" : "";
  const abs = ns < 0n ? -ns : ns;
  if (abs < 1_000n) return `${sign}${abs}ns`;
  if (abs < 1_000_000n) return `${sign}${decimal(abs, 3)}\u00b5s`;
  if (abs < 1_000_000_000n) return `${sign}${decimal(abs, 6)}ms`;
  const minutes = abs / 60_000_000_000n;
  const seconds = `${decimal(abs % 60_000_000_000n, 9)}s`;
  if (minutes === 0n) return sign + seconds;
  const hours = minutes / 60n;
  return hours === 0n ? `${sign}${minutes}m${seconds}` : `${sign}${hours}h${minutes % 60n}m${seconds}`;
}

/** `value / 10^places` without trailing zeros. */
function decimal(value: bigint, places: number): string {
  const digits = value.toString().padStart(places + 1, "0");
  const fraction = digits.slice(-places).replace(/0+$/, "");
  return digits.slice(0, -places) + (fraction === "" ? "" : `.${fraction}`);
}

const SIZE_POWERS: ReadonlyMap<string, number> = new Map([
  ["k", 1],
  ["m", 2],
  ["g", 3],
  ["t", 4],
  ["p", 5],
]);

const INTEGER = /^[+-]?\d+$/;
const SIZE = /^(\+?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?) ?([A-Za-z]{0,3})$/;

/** Bytes of a size such as `512`, `64m`, `1.5GiB`; undefined when the text is none. A plain `-1` (unlimited) is allowed. */
export function parseBytes(text: string): number | undefined {
  const bytes = parseExactBytes(text);
  return bytes === undefined ? undefined : Number(bytes);
}

/** The size as decimal text: `1g` becomes `1073741824`. Undefined when the text is none. */
export function canonicalBytes(text: string): string | undefined {
  return parseExactBytes(text)?.toString();
}

/** A size for people: `1.5 GiB`, `64 MiB`, `17 B`. Two decimals at most. */
export function formatBytes(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
  let value = bytes;
  let unit = 0;
  while (Math.abs(value) >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${Number(value.toFixed(2))} ${units[unit] ?? "B"}`;
}

function parseExactBytes(text: string): bigint | undefined {
  if (INTEGER.test(text)) {
    const exact = BigInt(text.startsWith("+") ? text.slice(1) : text);
    return exact > MAX_INT64 || exact < -MAX_INT64 - 1n ? undefined : exact;
  }
  const match = SIZE.exec(text);
  if (match === null) return undefined;
  const power = sizePower((match[2] ?? "").toLowerCase());
  if (power === undefined) return undefined;
  const bytes = Number(match[1]) * 1024 ** power;
  return bytes < Number(MAX_INT64) ? BigInt(Math.trunc(bytes)) : undefined;
}

/** 0 for none and `b`; `k`, `kb` and `kib` alike are 1, and so on. */
function sizePower(suffix: string): number | undefined {
  if (suffix === "" || suffix === "b") return 0;
  const tail = suffix.slice(1);
  return tail === "" || tail === "b" || tail === "ib" ? SIZE_POWERS.get(suffix.charAt(0)) : undefined;
}
