/** What one load carries through its stages: the options, the diagnostics found so far, the texts read so far. */
import type { Diagnostic, RelatedPlace, Severity, SourceFile, SourceRange } from "./diagnostic.ts";
import type { LoadOptions, ReadResult } from "./files.ts";
import type { ParsedDocument } from "./parsed-document.ts";

export interface Problem {
  readonly severity?: Severity;
  readonly code: string;
  readonly message: string;
  readonly path?: string;
  readonly range?: SourceRange | undefined;
  readonly related?: readonly RelatedPlace[] | undefined;
  readonly hint?: string | undefined;
}

/** Of one code and severity. What has more mistakes is no stack file, and nobody reads on. */
const FINDINGS_LIMIT = 500;

export class LoadContext {
  readonly options: LoadOptions;
  readonly diagnostics: Diagnostic[] = [];
  readonly sources = new Map<string, SourceFile>();
  /** Documents of the stack files parsed so far, by path. */
  readonly parsed = new Map<string, readonly ParsedDocument[]>();
  /** How files that others name came to be read, by path; files of the command line have no entry. */
  readonly #origins = new Map<string, RelatedPlace>();
  #seen = new Set<string>();
  #errorPaths = new Set<string>();
  #lacking = new Set<string>();
  #reads = new Map<string, ReadResult>();
  #counts = new Map<string, number>();
  #errors = 0;

  constructor(options: LoadOptions) {
    this.options = options;
  }

  /** Remembers which place of which file made the loader read another one. The first place stands for all. */
  noteOrigin(path: string, message: string, range: SourceRange): void {
    if (path !== range.file && !this.#origins.has(path)) this.#origins.set(path, { message, range });
  }

  /** From a file to the one that the command line names, by way of those between. */
  #chain(file: string): RelatedPlace[] {
    const chain: RelatedPlace[] = [];
    for (
      let origin = this.#origins.get(file);
      origin && !chain.includes(origin);
      origin = this.#origins.get(origin.range.file)
    )
      chain.push(origin);
    return chain;
  }

  #related({ range, related = [] }: Problem): readonly RelatedPlace[] {
    const chain = range ? this.#chain(range.file) : [];
    const isSaid = (place: RelatedPlace): boolean =>
      related.some((own) => own.range.file === place.range.file && own.range.start === place.range.start);
    return [...related, ...chain.filter((place) => !isSaid(place))];
  }

  /** Records a problem, once for each place and code, with the way to its file. */
  report(problem: Problem): void {
    const { range } = problem;
    const severity = problem.severity ?? "error";
    const kind = `${severity} ${problem.code}`;
    const count = this.#counts.get(kind) ?? 0;
    if (count >= FINDINGS_LIMIT) return;
    // The same text may stand for several services, by way of aliases and `extends`: one report is enough.
    const said = problem.path === undefined ? problem.message : problem.message.replace(problem.path, "");
    const key = `${problem.code}\0${range ? `${range.file}:${range.start}:${range.end}` : problem.path}\0${said}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.#counts.set(kind, count + 1);
    if (severity === "error") {
      this.#errors += 1;
      if (problem.path !== undefined) this.#errorPaths.add(problem.path);
    }
    const related = this.#related(problem);
    this.diagnostics.push({
      severity,
      code: problem.code,
      message: problem.message,
      ...(problem.path === undefined ? {} : { path: problem.path }),
      ...(range ? { range } : {}),
      ...(related.length > 0 ? { related } : {}),
      ...(problem.hint === undefined ? {} : { hint: problem.hint }),
    });
  }

  /** Remembers that something is missing of a value because of an error that stands elsewhere. */
  noteLack(path: string): void {
    this.#lacking.add(path);
  }

  /** Records a problem, unless its value or one around it is known to be wrong already. */
  reportNew(problem: Problem): void {
    if (problem.path === undefined || !this.hasErrorAround(problem.path)) this.report(problem);
  }

  /** Whether an error was reported for the path or one above it. */
  hasErrorAround(path: string): boolean {
    if (this.#errorPaths.size === 0) return false;
    for (
      let end = path.length;
      end > 0;
      end = Math.max(path.lastIndexOf(".", end - 1), path.lastIndexOf("[", end - 1))
    ) {
      if (this.#errorPaths.has(path.slice(0, end))) return true;
    }
    return false;
  }

  /** Whether an error was reported for the path or one below it, or is to blame for what it lacks. */
  hasErrorWithin(path: string): boolean {
    if (this.#lacking.has(path)) return true;
    for (const known of this.#errorPaths) {
      if (known === path || (known.startsWith(path) && ".[".includes(known.charAt(path.length)))) return true;
    }
    return false;
  }

  get failed(): boolean {
    return this.#errors > 0;
  }

  /** How many errors were reported so far. */
  get errorCount(): number {
    return this.#errors;
  }

  /** Reads a file once for the whole load; a text becomes a source. */
  read(path: string): ReadResult {
    const known = this.#reads.get(path);
    if (known) return known;
    const result = this.options.files.read(path);
    this.#reads.set(path, result);
    if (result.kind === "text") this.sources.set(path, { path, text: result.text });
    return result;
  }
}

/** Words for a read that gave no text. */
export function readFailure(path: string, result: Exclude<ReadResult, { kind: "text" }>): string {
  switch (result.kind) {
    case "missing":
      return `file not found: ${path}`;
    case "directory":
      return `expected a file, found a directory: ${path}`;
    case "error":
      return `cannot read ${path}: ${result.reason}`;
    default:
      return result satisfies never;
  }
}

/** Dotted path as people write it: `services.web.ports[0]`. */
export function pathText(path: readonly (string | number)[]): string {
  let result = "";
  for (const part of path) {
    if (typeof part === "number") result += `[${part}]`;
    else result += result === "" ? part : `.${part}`;
  }
  return result;
}
