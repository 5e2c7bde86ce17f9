/** Readers of single values: texts, numbers, lists, mappings, quantities, commands. */
import { pathText } from "./context.ts";
import { scalarText, valueText } from "./go-format.ts";
import { booleanOf, roundToFloat32 } from "./interpolate.ts";
import type { JsonValue } from "./model.ts";
import { canonicalBytes, canonicalDuration } from "./quantity.ts";
import type { ReadWalk } from "./shape.ts";
import { emptyRecord, leaf, orderedLeaf, wrongType } from "./shape.ts";
import { splitShellWords } from "./shell-words.ts";
import type { Node } from "./tree.ts";
import { child, isNull } from "./tree.ts";

function invalid(node: Node, message: string, walk: ReadWalk, hint?: string): undefined {
  const path = pathText(walk.path);
  walk.context.reportNew({
    code: "invalid-value",
    message: `${path}: ${message}`,
    path,
    range: node.at,
    hint,
  });
  return undefined;
}

function readText(node: Node, walk: ReadWalk): string | undefined {
  if (node.kind === "scalar" && node.type === undefined) {
    if (typeof node.value === "string") return node.value;
    if (typeof node.value === "number" || typeof node.value === "bigint") return String(node.value);
    if (node.value === null) return "";
  }
  return wrongType(node, "a text", walk);
}

function readNumber(node: Node, walk: ReadWalk, expected: string): number | undefined {
  if (node.kind === "scalar") {
    if (typeof node.value === "number") return node.value;
    if (typeof node.value === "bigint") return Number(node.value);
    if (typeof node.value === "string" && /^[-+]?[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?$/.test(node.value))
      return Number(node.value);
  }
  return wrongType(node, expected, walk);
}

function readBoolean(node: Node, walk: ReadWalk): boolean | undefined {
  if (node.kind === "scalar") {
    if (typeof node.value === "boolean") return node.value;
    if (typeof node.value === "string") {
      const value = booleanOf(node.value);
      if (value !== undefined) return value;
    }
  }
  return wrongType(node, "true or false", walk);
}

function orNothing<T>(value: T | undefined, nothing: T): T | undefined {
  return value === nothing ? undefined : value;
}

/** A text; empty is absent. */
export const string = leaf((node, walk) => orNothing(readText(node, walk), ""));
/** A text that is always there, if only empty. */
export const exactString = leaf((node, walk) => readText(node, walk) ?? "");
/** A whole number; zero is absent. */
export const integer = leaf((node, walk) => orNothing(readInteger(node, walk), 0));
/** A whole number, zero included. */
export const exactInteger = leaf(readInteger);
/** A whole number from zero on; zero is absent. */
export const unsigned = leaf((node, walk) => orNothing(readUnsigned(node, walk), 0));
/** A whole number from zero on, zero included. */
export const exactUnsigned = leaf(readUnsigned);
/** As `unsigned`, where the schema lets a text pass that is no number for the engine. */
export const weight = leaf((node, walk) => orNothing(readWeight(node, walk), 0));
/** A fraction; zero is absent. */
export const float = leaf((node, walk) => {
  const value = readNumber(node, walk, "a number");
  return value === undefined || value === 0 ? undefined : roundToFloat32(value);
});
/** A switch; off is absent. */
export const flag = leaf((node, walk) => orNothing(readBoolean(node, walk), false));
/** A switch where off differs from absent. */
export const boolean = leaf(readBoolean);

/** What fits into 64 bits. */
const LARGEST_INTEGER = 2 ** 63;

function readInteger(node: Node, walk: ReadWalk): number | undefined {
  const value = readNumber(node, walk, "a whole number");
  if (value !== undefined && Math.abs(value) > LARGEST_INTEGER)
    return invalid(node, `the number ${value} is too large`, walk);
  return value === undefined ? undefined : Math.trunc(value);
}

function readUnsigned(node: Node, walk: ReadWalk): number | undefined {
  const value = readInteger(node, walk);
  return value !== undefined && value < 0
    ? invalid(node, `expected a number from 0 on, found ${value}`, walk)
    : value;
}

function readWeight(node: Node, walk: ReadWalk): number | undefined {
  if (node.kind !== "scalar" || typeof node.value !== "string") return readUnsigned(node, walk);
  return invalid(node, `expected a number, found the text "${node.value}"`, walk, "write it without quotes");
}

/** A list of texts. */
export const strings = leaf((node, walk) => {
  if (node.kind !== "seq") return wrongType(node, "a list", walk);
  return readTexts(node.items, walk);
});

/** One text, or a list of texts. */
export const stringOrStrings = leaf((node, walk) => {
  if (node.kind === "seq") return readTexts(node.items, walk);
  const value = readText(node, walk);
  return value === undefined ? undefined : [value];
});

/** A list of texts or numbers. */
export const stringsOrNumbers = leaf((node, walk) => {
  const items = node.kind === "seq" ? node.items : [node];
  if (node.kind === "map") return wrongType(node, "a list", walk);
  return items.length === 0 ? undefined : items.map(valueText);
});

function readTexts(items: readonly Node[], walk: ReadWalk): JsonValue | undefined {
  if (items.length === 0) return undefined;
  return items.map((item, index) => {
    walk.path.push(index);
    const value = readText(item, walk);
    walk.path.pop();
    return value ?? "";
  });
}

/** Entries of a mapping, or of a list of `key=value` items; `null`: without a value. */
export function* pairs(node: Node): Generator<{ key: string; value: string | null; node: Node }> {
  if (node.kind === "map") {
    for (const [key, entry] of node.entries) {
      yield { key, value: isNull(entry.node) ? null : valueText(entry.node), node: entry.node };
    }
  } else if (node.kind === "seq") {
    for (const item of node.items) {
      const source = valueText(item);
      const equals = source.indexOf("=");
      yield equals === -1
        ? { key: source, value: null, node: item }
        : { key: source.slice(0, equals), value: source.slice(equals + 1), node: item };
    }
  }
}

/** Names to texts: labels, options and the like; a name without a value has the empty text. */
export const mapping = leaf((node, walk) => readPairs(node, walk, (value) => value ?? ""));

/** Variables: a name without a value is null. */
export const variables = leaf((node, walk) => {
  if (node.kind === "seq") {
    for (const { key, node: item } of pairs(node)) {
      if (/\s$/.test(key)) invalid(item, `the variable name "${key}" ends in a space`, walk);
    }
  }
  return readPairs(node, walk, (value) => value);
});

function readPairs(
  node: Node,
  walk: ReadWalk,
  valueOf: (value: string | null) => string | null,
): JsonValue | undefined {
  if (node.kind === "scalar") return wrongType(node, "a mapping or a list of key=value items", walk);
  const result = emptyRecord();
  let empty = true;
  for (const { key, value } of pairs(node)) {
    result[key] = valueOf(value);
    empty = false;
  }
  return empty ? undefined : result;
}

/** Options that may be given several times. */
export const multiOptions = leaf((node, walk) => {
  if (node.kind !== "map") return wrongType(node, "a mapping", walk);
  if (node.entries.size === 0) return undefined;
  const result = emptyRecord();
  for (const [key, entry] of node.entries) {
    result[key] = entry.node.kind === "seq" ? entry.node.items.map(valueText) : [valueText(entry.node)];
  }
  return result;
});

/** A byte size as decimal text; zero is absent. */
export const bytes = leaf((node, walk) => orNothing(readBytes(node, walk), "0"));

function readBytes(node: Node, walk: ReadWalk): string | undefined {
  if (node.kind !== "scalar" || typeof node.value === "boolean") return wrongType(node, "a byte size", walk);
  if (typeof node.value === "number") return node.type === "float" ? "0" : String(node.value);
  if (typeof node.value === "bigint") return String(node.value);
  const value = canonicalBytes(String(node.value));
  if (value?.startsWith("-"))
    return invalid(
      node,
      `a byte size as text cannot be negative, found "${value}"`,
      walk,
      `write ${value}, without quotes`,
    );
  if (value !== undefined) return value;
  return invalid(
    node,
    `"${String(node.value)}" is not a byte size`,
    walk,
    "expected a number with a unit, such as 512m or 2gb",
  );
}

/** As `bytes`, as a number. */
export const swappiness = leaf((node, walk) => orNothing(Number(readBytes(node, walk) ?? 0), 0));

/** A duration as text; zero is absent. */
export const duration = leaf((node, walk) => orNothing(readDuration(node, walk), "0s"));
/** A duration as text, zero included. */
export const exactDuration = leaf(readDuration);

function readDuration(node: Node, walk: ReadWalk): string | undefined {
  if (node.kind !== "scalar") return wrongType(node, "a duration", walk);
  const source = scalarText(node);
  const value = canonicalDuration(source);
  if (value !== undefined) return value;
  return invalid(node, `"${source}" is not a duration`, walk, "expected numbers with units, such as 1m30s");
}

/** A command: a list, or one text that is split as a shell would. `[]` clears what the image says. */
export const command = leaf(readCommand);

function readCommand(node: Node, walk: ReadWalk): JsonValue | undefined {
  if (node.kind === "seq") return readTexts(node.items, walk) ?? [];
  const source = readText(node, walk);
  if (source === undefined) return undefined;
  const words = splitShellWords(source);
  if (words) return words;
  return invalid(
    node,
    "the command cannot be split into words: a quote or bracket is left open",
    walk,
    "write it as a list",
  );
}

/** A health test: a text runs in a shell. */
export const healthTest = leaf((node, walk) => {
  if (node.kind === "seq") return readTexts(node.items, walk);
  const source = readText(node, walk);
  return source === undefined ? undefined : ["CMD-SHELL", source];
});

/** Host names to addresses, as sorted `host=address` items. */
export const hosts = leaf((node, walk) => {
  const result: string[] = [];
  const add = (host: string, address: string, item: Node): void => {
    if (host === "" || /[:=]/.test(host)) invalid(item, `"${host}" is not a host name`, walk);
    else result.push(`${host}=${/^\[.+\]$/.test(address) ? address.slice(1, -1) : address}`);
  };
  if (node.kind === "map") {
    for (const [host, entry] of node.entries) {
      const values = entry.node.kind === "seq" ? entry.node.items : [entry.node];
      for (const value of values) add(host, isNull(value) ? "" : valueText(value), entry.node);
    }
  } else if (node.kind === "seq") {
    for (const item of node.items) {
      const source = valueText(item);
      const separator = source.includes("=") ? source.indexOf("=") : source.indexOf(":");
      if (separator === -1) invalid(item, `"${source}" has no address`, walk, "expected host=address");
      else
        for (const address of source.slice(separator + 1).split(","))
          add(source.slice(0, separator), address, item);
    }
  } else return wrongType(node, "a mapping or a list of host=address items", walk);
  return result.length === 0 ? undefined : result.sort();
});

/** File mode as octal text. */
export const fileMode = leaf((node, walk) => {
  if (node.kind === "scalar") {
    if (typeof node.value === "number" && node.type === undefined) return `0${node.value.toString(8)}`;
    if (typeof node.value === "string" && /^[0-7]+$/.test(node.value))
      return `0${Number.parseInt(node.value, 8).toString(8)}`;
  }
  return invalid(node, "expected an octal file mode", walk, 'such as "0440"');
});

/** A limit: one number for both, or soft and hard. */
export const ulimit = orderedLeaf((node, walk) => {
  if (node.kind === "scalar" && node.type === "float") return wrongType(node, "a whole number", walk);
  if (node.kind !== "map") return readInteger(node, walk);
  const part = (key: string): number | undefined => {
    const value = child(node, key);
    return value ? readInteger(value, walk) : undefined;
  };
  const result: Record<string, JsonValue> = {};
  const soft = part("soft");
  const hard = part("hard");
  if (soft !== undefined) result["soft"] = soft;
  if (hard !== undefined) result["hard"] = hard;
  return result;
}, printUlimit);

/** Zero is absent in JSON, and one of two limits in YAML. */
function printUlimit(value: JsonValue, yaml: boolean): JsonValue {
  if (typeof value === "number" && value !== 0) return value;
  const limits = { soft: 0, hard: 0, ...(value as { readonly soft?: number; readonly hard?: number }) };
  return yaml ? limits : Object.fromEntries(Object.entries(limits).filter(([, limit]) => limit !== 0));
}

/** A number of devices; `all` is -1. */
export const deviceCount = leaf((node, walk) => {
  if (node.kind === "scalar" && node.type === "float")
    return wrongType(node, 'a whole number or "all"', walk);
  if (node.kind === "scalar" && typeof node.value === "string") {
    if (node.value.toLowerCase() === "all") return -1;
    if (!/^[-+]?[0-9]+$/.test(node.value))
      return invalid(node, `"${node.value}" is not a device count`, walk, 'expected a number or "all"');
  }
  return orNothing(readInteger(node, walk), 0);
});

/** SSH agents and keys for a build, as `id` or `id=path` items. */
export const sshKeys = leaf((node, walk) => {
  if (node.kind !== "map") return wrongType(node, "a mapping", walk);
  const keys = [...node.entries].map(([id, entry]) =>
    isNull(entry.node) || valueText(entry.node) === "" ? id : `${id}=${valueText(entry.node)}`,
  );
  return keys.length === 0 ? undefined : keys.sort();
});

function readPart<T>(
  node: Node,
  key: string,
  walk: ReadWalk,
  read: (part: Node, walk: ReadWalk) => T | undefined,
): T | undefined {
  const part = child(node, key);
  if (!part) return undefined;
  walk.path.push(key);
  const value = read(part, walk);
  walk.path.pop();
  return value;
}

/** Weight of a device, in the engine's own words. */
export const weightDevice = orderedLeaf(
  (node, walk) => ({
    Path: readPart(node, "path", walk, readText) ?? "",
    Weight: readPart(node, "weight", walk, readWeight) ?? 0,
  }),
  printDevice,
);

/** Rate limit of a device, in the engine's own words. */
export const throttleDevice = orderedLeaf(
  (node, walk) => ({
    Path: readPart(node, "path", walk, readText) ?? "",
    Rate: readPart(node, "rate", walk, readBytes) ?? "0",
  }),
  printDevice,
);

/** YAML has the words of the stack file. */
function printDevice(value: JsonValue, yaml: boolean): JsonValue {
  if (!yaml) return value;
  return Object.fromEntries(
    Object.entries(value as object).map(([key, part]) => [key.toLowerCase(), part as JsonValue]),
  );
}

/** A file of variables. Printed as a mapping; the canonical text of a service names a required one by its path alone. */
export const envFile = orderedLeaf((node, walk) => {
  const format = readPart(node, "format", walk, readText);
  return {
    path: readPart(node, "path", walk, readText) ?? "",
    required: readPart(node, "required", walk, readBoolean) ?? false,
    ...(format ? { format } : {}),
  };
});
