/**
 * The model as JSON text, exactly as the format is printed everywhere: attributes in the order of their shape, names
 * sorted, `<`, `>` and `&` escaped.
 */
import type { JsonValue, Stack } from "./model.ts";
import { fileObjectShape, modelShape, networkShape, serviceShape, volumeShape } from "./model-shape.ts";
import type { Order } from "./print-order.ts";
import { compareBytes, compareNames } from "./print-order.ts";
import type { Field, ObjectShape, Shape } from "./shape.ts";

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
export function sorted(value: JsonValue, order: Order = compareBytes): Printable {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map((item) => sorted(item, order));
  return new Map(inOrder(value as object, order).map(([key, member]) => [key, sorted(member, order)]));
}

function inOrder(value: object, order: Order): [string, JsonValue][] {
  return Object.entries(value as Readonly<Record<string, JsonValue>>).sort((a, b) => order(a[0], b[0]));
}

function orderOf(options: PrintOptions): Order {
  return options.extensions ? compareNames : compareBytes;
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
    case "leaf": {
      const shown = shape.print ? shape.print(value, options.extensions) : value;
      return shape.ordered ? asWritten(shown) : sorted(shown, orderOf(options));
    }
    case "list":
      return (value as readonly JsonValue[]).map((item) => shaped(shape.of, item, below(options)));
    case "record": {
      return new Map(
        inOrder(value as object, orderOf(options)).map(([key, member]) => [
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

function asWritten(value: JsonValue): Printable {
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
    if (member !== undefined && !(options.extensions && isNothing(member, field))) {
      result.set(name, field.quoted ? JSON.stringify(member) : shaped(field.shape, member, below(options)));
    } else if (field.json !== undefined && !options.extensions) result.set(name, sorted(field.json));
  }
  if (options.extensions) {
    for (const [key, member] of inOrder(value, compareNames)) {
      if (key.startsWith("x-") && !shape.fields.has(key)) result.set(key, sorted(member, compareNames));
    }
  }
  return result;
}

/** What is always there in JSON is empty there. */
function isNothing(value: JsonValue, field: Field): boolean {
  if (value === null || value === "") return true;
  if (typeof value !== "object" || typeof field.json !== "object" || field.json === null) return false;
  return Object.keys(value).length === 0;
}

/** Attributes that stand for files whose content is in other attributes by now. */
const FILES = new Set(["env_file", "label_file"]);
const CONTENT = new Set(["content"]);

/** The sections of a stack in printable form. Values of secrets are never printed. */
export function printableSections(stack: Stack, extensions: boolean): Map<string, Printable> {
  const result = new Map<string, Printable>();
  const order = orderOf({ extensions });
  const put = (
    key: string,
    values: object,
    shape: ObjectShape,
    leaveOut?: (value: JsonValue) => ReadonlySet<string> | undefined,
  ): void => {
    const entries = inOrder(values, order);
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
  for (const [key, value] of inOrder(stack.extensions, order)) {
    result.set(key, extensions ? sorted(value, order) : withoutEmptyLists(sorted(value)));
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
  const sections = [...printableSections(stack, false)].sort((a, b) => compareBytes(a[0], b[0]));
  return printJson(new Map(sections), 2).replaceAll("$", "$$$$");
}

/** A document that is not a typed model, as indented JSON text. */
export function printDocumentJson(document: JsonValue): string {
  return printJson(sorted(document), 2);
}
