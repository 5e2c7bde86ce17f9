/** What to write where a value has the wrong type: the slips that YAML invites. */
import type { StackPath } from "./model.ts";
import { knownKeys, type SchemaOutline } from "./outline.ts";
import { pathText } from "./context.ts";

/** Attributes that take a duration, which needs a unit. */
const DURATIONS: ReadonlySet<string> = new Set([
  "interval",
  "timeout",
  "start_period",
  "start_interval",
  "stop_grace_period",
  "delay",
  "monitor",
  "window",
  "drain",
  "stable_for",
]);

export function isDuration(path: StackPath): boolean {
  return DURATIONS.has(String(path[path.length - 1]));
}

export function typeHint(
  path: StackPath,
  expected: readonly string[],
  value: unknown,
  schema: SchemaOutline | undefined,
): string | undefined {
  const takes = (type: string): boolean => expected.includes(type);
  if (value === null) return nullHint(path, expected);
  if (typeof value === "number" || typeof value === "boolean") {
    if (takes("string") && isDuration(path)) return `add a unit: ${String(value)}s`;
    if (takes("boolean")) return undefined;
    if (takes("string")) return `put it in quotes: "${String(value)}"`;
    return takes("array") ? `write it as a list: [${String(value)}]` : undefined;
  }
  if (typeof value === "symbol")
    return takes("string") ? `put it in quotes: "${value.description}"` : undefined;
  if (typeof value === "string") return stringHint(value, takes, schema);
  if (Array.isArray(value)) return listHint(value, takes);
  if (typeof value === "object") return mappingHint(path, value, takes);
  return undefined;
}

function nullHint(path: StackPath, expected: readonly string[]): string | undefined {
  const key = path[path.length - 1];
  if (expected.includes("object") || expected.includes("array")) {
    return `nothing stands under ${JSON.stringify(key)}; indent what belongs to it, or remove the line`;
  }
  return `give it a value, or remove the line`;
}

function stringHint(
  value: string,
  takes: (type: string) => boolean,
  schema: SchemaOutline | undefined,
): string | undefined {
  if (takes("array")) return `write it as a list: [${JSON.stringify(value)}]`;
  if (takes("integer") || takes("number"))
    return /^-?\d+$/.test(value) ? "write it without quotes" : undefined;
  if (takes("boolean")) return "write true or false, without quotes";
  if (!takes("object")) return undefined;
  if (/^\S+:\S/.test(value)) return 'a space is missing after ":"';
  const keys = knownKeys(schema);
  return keys.length > 0 && keys.length < 8 ? `keys it takes: ${keys.join(", ")}` : undefined;
}

function listHint(value: readonly unknown[], takes: (type: string) => boolean): string | undefined {
  if (takes("string") && value.length === 1) return "write the value itself, without a list";
  if (takes("object")) return 'write "name: value" lines without the leading "-"';
  return undefined;
}

function mappingHint(path: StackPath, value: object, takes: (type: string) => boolean): string | undefined {
  const entries = Object.entries(value) as [string, unknown][];
  const [first] = entries;
  if (
    typeof path[path.length - 1] === "number" &&
    takes("string") &&
    entries.length === 1 &&
    first !== undefined
  ) {
    return itemHint(path, first);
  }
  if (takes("array") && !takes("object")) return 'write a list: each item on a line of its own, after "- "';
  return undefined;
}

/** `- KEY: value` in a list of texts. */
function itemHint(path: StackPath, [key, inner]: [string, unknown]): string {
  const list = path[path.length - 2];
  const shown = plainText(inner);
  if (list === "environment" || list === "labels" || list === "args") {
    return `write ${JSON.stringify(`${key}=${shown}`)}, or remove every "-" under ${pathText(path.slice(0, -1))}`;
  }
  if (list === "depends_on") {
    const [name, condition] = [key, shown === "" || shown === "..." ? "service_started" : shown];
    return `conditions go without "-": ${name}: { condition: ${condition} }`;
  }
  return `put the text in quotes: ${JSON.stringify(shown === "" ? `${key}:` : `${key}: ${shown}`)}`;
}

function plainText(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : "...";
}
