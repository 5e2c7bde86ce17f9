/** What the checks share: their input, and how they say what they found. */
import { pathText } from "../context.ts";
import type { Diagnostic, RelatedPlace, Severity, SourceRange } from "../diagnostic.ts";
import type { FileObject, Model, Network, Service, StackPath, Volume } from "../model.ts";
import { didYouMean } from "../suggest.ts";

/** The canonical model before anything unused is dropped from it. */
export interface CheckInput {
  /** Active services. */
  readonly services: Readonly<Record<string, Service>>;
  /** Services that no active profile selects. */
  readonly disabledServices: Readonly<Record<string, Service>>;
  /** All declared top-level resources, used or not. */
  readonly networks: Readonly<Record<string, Network>>;
  readonly volumes: Readonly<Record<string, Volume>>;
  readonly configs: Readonly<Record<string, FileObject>>;
  readonly secrets: Readonly<Record<string, FileObject>>;
  readonly models: Readonly<Record<string, Model>>;
  /** Where the key or the value at a path stands. */
  readonly locate: (path: StackPath, target?: "key" | "value") => SourceRange | undefined;
  /** The source text of a range, for checks on how a value is written; they are skipped without it. */
  readonly textAt?: (range: SourceRange) => string | undefined;
}

const entriesOf = new WeakMap<object, readonly (readonly [string, Service])[]>();

/** Names and services. Every rule walks over them, and listing the entries of a large object takes its time. */
export function serviceEntries({ services }: CheckInput): readonly (readonly [string, Service])[] {
  const known = entriesOf.get(services);
  if (known !== undefined) return known;
  const entries = Object.entries(services);
  entriesOf.set(services, entries);
  return entries;
}

export interface Finding {
  readonly severity?: Severity;
  readonly code: string;
  readonly message: string;
  readonly path: StackPath;
  /** Whether the key or the value is at fault; the value when left out. */
  readonly target?: "key" | "value";
  readonly hint?: string | undefined;
  readonly related?: readonly {
    readonly message: string;
    readonly path: StackPath;
    readonly target?: "key" | "value";
  }[];
}

/** The finding with its places looked up. */
export function toDiagnostic(finding: Finding, locate: CheckInput["locate"]): Diagnostic {
  const range = locate(finding.path, finding.target ?? "value");
  const related: RelatedPlace[] = [];
  for (const place of finding.related ?? []) {
    const at = locate(place.path, place.target ?? "value");
    if (at !== undefined && !isSamePlace(at, range)) related.push({ message: place.message, range: at });
  }
  return {
    severity: finding.severity ?? "error",
    code: finding.code,
    message: finding.message,
    path: pathText(finding.path),
    ...(range === undefined ? {} : { range }),
    ...(related.length === 0 ? {} : { related }),
    ...(finding.hint === undefined ? {} : { hint: finding.hint }),
  };
}

/** One text may stand for both, through an anchor or `extends`. */
function isSamePlace(a: SourceRange, b: SourceRange | undefined): boolean {
  return b !== undefined && a.file === b.file && a.start === b.start && a.end === b.end;
}

/** Hint for a name that is defined nowhere: a near one, else where to define it. */
export function undefinedHint(
  name: string,
  known: Readonly<Record<string, unknown>>,
  section: string,
): string {
  return didYouMean(name, Object.keys(known)) ?? `define it under the top-level "${section}"`;
}

/** An own entry of a record, whatever its name. */
export function has(record: Readonly<Record<string, unknown>>, name: string): boolean {
  return Object.hasOwn(record, name);
}
