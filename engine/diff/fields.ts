/** Field-level difference of two specifications: plain JSON in, changed paths out. Pure. */
import type { SourceRange } from "../../schema/diagnostic.ts";
import type { StackPath } from "../../schema/model.ts";
import { canonicalJson } from "../hash.ts";
import type { FieldChange } from "../plan/operation.ts";

export interface DiffOptions {
  /** Path of the resource in the stack, e.g. `["services", "web"]`. */
  readonly base: StackPath;
  readonly locate: (path: StackPath) => SourceRange | undefined;
  /** The part that is compared; default: all. */
  readonly relevant?: (value: Json) => Json;
}

type Json = Readonly<Record<string, unknown>>;

/** Changes in the order of their paths. */
export function diffFields(from: Json, to: Json, options: DiffOptions): FieldChange[] {
  const changes: FieldChange[] = [];
  compare(from, to, [], (path, before, after) => {
    const range = options.locate([...options.base, ...path]);
    // An index is one of the new list, unless the entry is gone.
    const holder = after === undefined && path.length === 2 ? from : to;
    changes.push({
      path: formatPath(nameReference(path, holder)),
      ...(before === undefined ? {} : { from: before }),
      ...(after === undefined ? {} : { to: after }),
      ...(range === undefined ? {} : { range }),
    });
  });
  return changes;
}

/** Configs and secrets of a service go by their names: `secrets.token.content`, not `secrets[0].content`. */
function nameReference(path: StackPath, specification: Json): StackPath {
  const [kind, index, ...rest] = path;
  if ((kind !== "configs" && kind !== "secrets") || typeof index !== "number") return path;
  const list = specification[kind];
  const entry: unknown = isList(list) ? list[index] : undefined;
  const source = isObject(entry) ? entry["source"] : undefined;
  return typeof source === "string" ? [kind, source, ...rest] : path;
}

type Report = (path: StackPath, from: unknown, to: unknown) => void;

function compare(from: unknown, to: unknown, path: StackPath, report: Report): void {
  if (canonicalJson(from) === canonicalJson(to) && (from === undefined) === (to === undefined)) return;
  if (isMapping(from) && isMapping(to)) {
    for (const key of [...new Set([...Object.keys(from ?? {}), ...Object.keys(to ?? {})])].toSorted()) {
      compare(from?.[key], to?.[key], [...path, key], report);
    }
  } else if (isList(from) && isList(to) && [...from, ...to].every(isObject)) {
    compareLists(from as readonly Json[], to as readonly Json[], path, report);
  } else {
    report(path, from, to);
  }
}

/** Entries are paired by what identifies them, so that an inserted port is one change and not a shift of all. */
function compareLists(from: readonly Json[], to: readonly Json[], path: StackPath, report: Report): void {
  const before = identify(from);
  const after = identify(to);
  if (sameMembers(from, to)) return report(path, from, to);
  for (const [key, { value, index }] of after) {
    const other = before.get(key)?.value;
    if (other === undefined) report([...path, index], undefined, value);
    else compare(other, value, [...path, index], report);
  }
  for (const [key, { value, index }] of before) {
    if (!after.has(key)) report([...path, index], value, undefined);
  }
}

/** The same entries in another order. */
function sameMembers(from: readonly Json[], to: readonly Json[]): boolean {
  const sorted = (list: readonly Json[]): string => list.map(canonicalJson).toSorted().join();
  return sorted(from) === sorted(to);
}

/** Target (with protocol and host address) of ports and mounts, source of references; repeated ones get a count. */
function identify(list: readonly Json[]): Map<string, { readonly value: Json; readonly index: number }> {
  const entries = new Map<string, { value: Json; index: number }>();
  list.forEach((value, index) => {
    const parts = [value["target"], value["protocol"], value["host_ip"]];
    const isUntargeted = parts.every((part) => part === undefined);
    const base = isUntargeted ? canonicalJson(value["source"] ?? index) : parts.join("/");
    let count = 0;
    while (entries.has(`${base}#${count}`)) count += 1;
    entries.set(`${base}#${count}`, { value, index });
  });
  return entries;
}

/** `environment.LOG_LEVEL`, `ports[0].published`; a key with a dot stands in quotes. */
export function formatPath(path: StackPath): string {
  return path
    .map((part, index) => {
      if (typeof part === "number") return `[${part}]`;
      if (part.includes(".")) return `["${part}"]`;
      return index === 0 ? part : `.${part}`;
    })
    .join("");
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An absent mapping is an empty one: its first key is one change, not a change of the whole. */
function isMapping(value: unknown): value is Json | undefined {
  return value === undefined || isObject(value);
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}
