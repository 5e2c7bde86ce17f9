/**
 * The model as JSON text, exactly as the format is printed everywhere: attributes in the order of their shape, names
 * sorted, `<`, `>` and `&` escaped.
 */
import type { JsonValue, Stack } from "./model.ts";
import { fileObjectShape, modelShape, networkShape, serviceShape, volumeShape } from "./model-shape.ts";
import type { ObjectShape, Shape } from "./shape.ts";

/** Objects in reading order; what the printed text is made from. */
export type Printable =
  string | number | boolean | null | readonly Printable[] | ReadonlyMap<string, Printable>;

/** `JSON.stringify` leaves these as they are; the format does not. */
const ESCAPED = /[<>&\u2028\u2029]/g;

export function jsonString(value: string): string {
  const escape = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(value).replace(ESCAPED, escape);
}

/** Compact, or indented by `indent` spaces a level. */
export function printJson(value: Printable, indent = 0): string {
  return print(value, indent, "\n");
}

function print(value: Printable, indent: number, newline: string): string {
  if (typeof value === "string") return jsonString(value);
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const inner = newline + " ".repeat(indent);
  const [before, between, after] = indent > 0 ? [inner, `,${inner}`, newline] : ["", ",", ""];
  if (value instanceof Map) {
    if (value.size === 0) return "{}";
    const colon = indent > 0 ? ": " : ":";
    const members = [...(value as ReadonlyMap<string, Printable>)].map(
      ([key, member]) => `${jsonString(key)}${colon}${print(member, indent, inner)}`,
    );
    return `{${before}${members.join(between)}${after}}`;
  }
  const items = value as readonly Printable[];
  if (items.length === 0) return "[]";
  return `[${before}${items.map((item) => print(item, indent, inner)).join(between)}${after}]`;
}

/** Plain data with its keys sorted. */
export function sorted(value: JsonValue): Printable {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map(sorted);
  const entries = Object.entries(value as { readonly [key: string]: JsonValue });
  return new Map(entries.sort(byKey).map(([key, member]) => [key, sorted(member)]));
}

function byKey(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return compareBytes(a[0], b[0]);
}

/** Order of UTF-8 bytes, which is that of code points. */
export function compareBytes(a: string, b: string): number {
  if (a === b) return 0;
  for (let i = 0; i < a.length && i < b.length; i += 1) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(i);
    if (left === right) continue;
    const surrogates = Number(left >= 0xd800 && left < 0xe000) - Number(right >= 0xd800 && right < 0xe000);
    // A surrogate pair is above every single unit, also those of the private area behind it.
    return surrogates !== 0 ? surrogates : left - right;
  }
  return a.length - b.length;
}

/** What of a model value is printed. */
export interface PrintOptions {
  /** With `x-` attributes, and without what only JSON shows where it is absent. */
  readonly extensions: boolean;
  /** Attributes to drop at the top. */
  readonly leaveOut?: ReadonlySet<string> | undefined;
}

const JSON_OPTIONS: PrintOptions = { extensions: false };

/** A value of the model in the order of its shape. */
export function shaped(shape: Shape, value: JsonValue, options: PrintOptions = JSON_OPTIONS): Printable {
  switch (shape.kind) {
    case "leaf":
      return shape.ordered ? inOrder(value) : sorted(value);
    case "list":
      return (value as readonly JsonValue[]).map((item) => shaped(shape.of, item, below(options)));
    case "record": {
      const entries = Object.entries(value as { readonly [key: string]: JsonValue }).sort(byKey);
      return new Map(
        entries.map(([key, member]) => [
          key,
          member === null ? null : shaped(shape.of, member, below(options)),
        ]),
      );
    }
    case "object":
      return shapedObject(shape, value as { readonly [key: string]: JsonValue }, options);
    default:
      return shape satisfies never;
  }
}

function below(options: PrintOptions): PrintOptions {
  return options.leaveOut ? { extensions: options.extensions } : options;
}

function inOrder(value: JsonValue): Printable {
  if (value === null || typeof value !== "object") return value;
  return new Map(
    Object.entries(value as { readonly [key: string]: JsonValue }).map(([key, member]) => [
      key,
      sorted(member),
    ]),
  );
}

function shapedObject(
  shape: ObjectShape,
  value: { readonly [key: string]: JsonValue },
  options: PrintOptions,
): Printable {
  const result = new Map<string, Printable>();
  for (const [name, field] of shape.fields) {
    if ((field.hidden && !options.extensions) || options.leaveOut?.has(name)) continue;
    const member = value[name];
    if (member !== undefined && !(options.extensions && isNothing(member))) {
      result.set(name, field.quoted ? JSON.stringify(member) : shaped(field.shape, member, below(options)));
    } else if (field.json !== undefined && !options.extensions) result.set(name, sorted(field.json));
  }
  if (options.extensions) {
    for (const [key, member] of Object.entries(value).sort(byKey)) {
      if (key.startsWith("x-") && !shape.fields.has(key)) result.set(key, sorted(member));
    }
  }
  return result;
}

function isNothing(value: JsonValue): boolean {
  return value === null || value === "";
}

/** Attributes that stand for files whose content is in other attributes by now. */
const FILES = new Set(["env_file", "label_file"]);
const CONTENT = new Set(["content"]);

/** The sections of a stack in printable form. Values of secrets are never printed. */
export function printableSections(stack: Stack, extensions: boolean): Map<string, Printable> {
  const result = new Map<string, Printable>();
  const put = (
    key: string,
    values: object,
    shape: ObjectShape,
    leaveOut?: (value: JsonValue) => ReadonlySet<string> | undefined,
  ): void => {
    const entries = Object.entries(values as Record<string, JsonValue>).sort(byKey);
    if (entries.length === 0 && key !== "services") return;
    const members = entries.map(([name, value]): [string, Printable] => [
      name,
      shaped(shape, value, { extensions, leaveOut: leaveOut?.(value) }),
    ]);
    result.set(key, new Map(members));
  };
  result.set("name", stack.name);
  put("services", stack.services, serviceShape, () => FILES);
  put("networks", stack.networks, networkShape);
  put("volumes", stack.volumes, volumeShape);
  put("secrets", stack.secrets, fileObjectShape, () => CONTENT);
  put("configs", stack.configs, fileObjectShape, (value) =>
    (value as { environment?: string }).environment ? CONTENT : undefined,
  );
  if (extensions) put("models", stack.models, modelShape);
  for (const [key, value] of Object.entries(stack.extensions).sort(byKey)) {
    result.set(key, extensions ? sorted(value) : withoutEmptyLists(sorted(value)));
  }
  return result;
}

/** JSON shows an empty list of an extension as null. */
function withoutEmptyLists(value: Printable): Printable {
  if (value instanceof Map) {
    return new Map(
      [...(value as ReadonlyMap<string, Printable>)].map(([key, member]) => [key, withoutEmptyLists(member)]),
    );
  }
  if (!Array.isArray(value)) return value;
  return value.length === 0 ? null : (value as readonly Printable[]).map(withoutEmptyLists);
}

/** The resolved stack as indented JSON text. `$` is doubled, so that the text can be loaded again. */
export function printStackJson(stack: Stack): string {
  return printJson(new Map([...printableSections(stack, false)].sort(byKey)), 2).replaceAll("$", "$$$$");
}
