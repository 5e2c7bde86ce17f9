/**
 * What an unquoted scalar means: YAML 1.2 core, with the YAML 1.1 leftovers that Compose files rely on (`0777` octal,
 * `0b`, `_` between digits, dates). `yes`, `no`, `on`, `off` are strings.
 */
export interface Resolved {
  readonly value: string | number | bigint | boolean | null;
  readonly type?: "float" | "timestamp";
}

const WORDS = new Map<string, Resolved>([
  ["", { value: null }],
  ["~", { value: null }],
  ["null", { value: null }],
  ["Null", { value: null }],
  ["NULL", { value: null }],
  ["true", { value: true }],
  ["True", { value: true }],
  ["TRUE", { value: true }],
  ["false", { value: false }],
  ["False", { value: false }],
  ["FALSE", { value: false }],
  [".nan", { value: NaN, type: "float" }],
  [".NaN", { value: NaN, type: "float" }],
  [".NAN", { value: NaN, type: "float" }],
  [".inf", { value: Infinity, type: "float" }],
  [".Inf", { value: Infinity, type: "float" }],
  [".INF", { value: Infinity, type: "float" }],
  ["+.inf", { value: Infinity, type: "float" }],
  ["+.Inf", { value: Infinity, type: "float" }],
  ["+.INF", { value: Infinity, type: "float" }],
  ["-.inf", { value: -Infinity, type: "float" }],
  ["-.Inf", { value: -Infinity, type: "float" }],
  ["-.INF", { value: -Infinity, type: "float" }],
]);

const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const DATE = /^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:$|[Tt ])/;
const TIMESTAMP =
  /^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[Tt]([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(\.[0-9]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})|[ ]([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(\.[0-9]+)?)?$/;
const INT64_MIN = -(2n ** 63n);
const UINT64_MAX = 2n ** 64n - 1n;

/** Resolves an unquoted, untagged scalar. */
export function resolvePlain(source: string): Resolved {
  const first = source.charCodeAt(0);
  // Letters that start no word of the table are the common case.
  const digit = first >= 0x30 && first <= 0x39;
  if (!digit && source.length > 5)
    return first === 0x2b || first === 0x2d || first === 0x2e ? resolveNumber(source) : { value: source };
  const word = WORDS.get(source);
  if (word) return word;
  if (digit || first === 0x2b || first === 0x2d || first === 0x2e) return resolveNumber(source);
  return { value: source };
}

function resolveNumber(source: string): Resolved {
  if (source.startsWith(".")) {
    return FLOAT.test(source) ? { value: Number(source), type: "float" } : { value: source };
  }
  if (DATE.test(source) && isTimestamp(source)) return { value: source, type: "timestamp" };
  const plain = source.includes("_") ? source.replaceAll("_", "") : source;
  // An underscore is only a digit separator where the integer grammar of base prefixes allows it; the peer drops all.
  const integer = parseInteger(plain);
  if (integer !== undefined) return { value: integer };
  if (FLOAT.test(plain)) {
    const value = Number(plain);
    if (Number.isFinite(value)) return { value, type: "float" };
  }
  return { value: source };
}

function isTimestamp(source: string): boolean {
  const match = TIMESTAMP.exec(source);
  if (!match) return false;
  const [, year, month, day] = match.map(Number) as [number, number, number, number];
  const date = new Date(Date.UTC(year, month - 1, day));
  const hour = Number(match[4] ?? match[8] ?? 0);
  const minute = Number(match[5] ?? match[9] ?? 0);
  const second = Number(match[6] ?? match[10] ?? 0);
  return (
    date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60 && second < 60
  );
}

/** The date as it is printed (RFC 3339). */
export function timestampText(source: string): string {
  const match = TIMESTAMP.exec(source) ?? [];
  const two = (text: string | undefined): string => (text ?? "0").padStart(2, "0");
  const date = `${match[1] ?? ""}-${two(match[2])}-${two(match[3])}`;
  const time = `${two(match[4] ?? match[8])}:${two(match[5] ?? match[9])}:${two(match[6] ?? match[10])}`;
  const fraction = (match[7] ?? match[11] ?? "").slice(0, 10).replace(/\.?0*$/, "");
  const zone = /[Tt].*?([+-][0-9]{2}:[0-9]{2})$/.exec(source)?.[1] ?? "Z";
  return `${date}T${time}${fraction}${zone === "+00:00" ? "Z" : zone}`;
}

const INTEGER = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))$/;

/** An integer with sign and base prefix (`0x`, `0b`, `0o`, leading `0` octal) in the 64-bit range. */
export function parseInteger(source: string): number | bigint | undefined {
  const match = INTEGER.exec(source);
  if (!match) return undefined;
  const [, sign, hex, binary, octal, decimal] = match;
  const body =
    hex !== undefined
      ? `0x${hex}`
      : binary !== undefined
        ? `0b${binary}`
        : octal !== undefined
          ? `0o${octal}`
          : decimal;
  if (decimal !== undefined && decimal.length < 16)
    return sign === "-" ? 0 - Number(decimal) : Number(decimal);
  const magnitude = BigInt(body ?? "0");
  const value = sign === "-" ? -magnitude : magnitude;
  if (value < INT64_MIN || value > UINT64_MAX) return undefined;
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)
    ? Number(value)
    : value;
}
