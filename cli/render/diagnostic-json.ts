/** Diagnostics for programs: plain JSON with line and column, and SARIF for annotations in continuous integration. */
import { relative } from "node:path";
import { pathToFileURL } from "node:url";
import type {
  Diagnostic,
  Severity,
  SourceFile,
  SourcePosition,
  SourceRange,
} from "../../schema/diagnostic.ts";
import { placeFinder } from "./source-map.ts";

export interface JsonPlace {
  /** Absolute, or `-` for standard input. */
  readonly file: string;
  readonly start?: SourcePosition;
  /** Just behind the last character. */
  readonly end?: SourcePosition;
}

export interface JsonDiagnostic {
  readonly severity: Severity;
  readonly code: string;
  readonly message: string;
  readonly path?: string;
  readonly place?: JsonPlace;
  readonly related?: readonly (JsonPlace & { readonly message: string })[];
  readonly hint?: string;
}

/** Diagnostics as plain data; lines and columns count from 1, columns in UTF-16 units. */
export function diagnosticsToJson(
  diagnostics: readonly Diagnostic[],
  sources: readonly SourceFile[],
): JsonDiagnostic[] {
  const find = placeFinder(sources, "/");
  const place = (range: SourceRange): JsonPlace => {
    const { start, end } = find(range);
    return {
      file: range.file,
      ...(start === undefined ? {} : { start }),
      ...(end === undefined ? {} : { end }),
    };
  };
  return diagnostics.map(({ severity, code, message, path, range, related, hint }) => ({
    severity,
    code,
    message,
    ...(path === undefined ? {} : { path }),
    ...(range === undefined ? {} : { place: place(range) }),
    ...(related === undefined
      ? {}
      : { related: related.map((item) => ({ message: item.message, ...place(item.range) })) }),
    ...(hint === undefined ? {} : { hint }),
  }));
}

export interface SarifOptions {
  /** Version of tcompose. */
  readonly version: string;
  readonly cwd: string;
  /** What is known about codes: one sentence each. */
  readonly descriptions?: Readonly<Record<string, string>>;
}

const LEVELS: Readonly<Record<Severity, string>> = { error: "error", warning: "warning", info: "note" };

/** A SARIF 2.1.0 log with one run. File names are relative to the current directory, as CI services want them. */
export function diagnosticsToSarif(
  diagnostics: readonly Diagnostic[],
  sources: readonly SourceFile[],
  options: SarifOptions,
): Readonly<Record<string, unknown>> {
  const codes = [...new Set(diagnostics.map((d) => d.code))].sort();
  const find = placeFinder(sources, options.cwd);
  const location = (range: SourceRange): Record<string, unknown> =>
    physicalLocation(range, find, options.cwd);
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "tcompose",
            version: options.version,
            rules: codes.map((code) => rule(code, options)),
          },
        },
        columnKind: "utf16CodeUnits",
        originalUriBaseIds: { SRCROOT: { uri: folderUrl(options.cwd) } },
        results: diagnostics.map((d) => result(d, codes.indexOf(d.code), location)),
      },
    ],
  };
}

function rule(code: string, options: SarifOptions): Record<string, unknown> {
  const text = options.descriptions?.[code];
  return { id: code, ...(text === undefined ? {} : { shortDescription: { text } }) };
}

function result(
  diagnostic: Diagnostic,
  ruleIndex: number,
  location: (range: SourceRange) => Record<string, unknown>,
): Record<string, unknown> {
  const { code, severity, message, hint, path, range, related } = diagnostic;
  const logical = path === undefined ? {} : { logicalLocations: [{ fullyQualifiedName: path }] };
  return {
    ruleId: code,
    ruleIndex,
    level: LEVELS[severity],
    message: { text: hint === undefined ? message : `${message} (${hint})` },
    locations: range === undefined ? [] : [{ ...location(range), ...logical }],
    ...(related === undefined
      ? {}
      : {
          relatedLocations: related.map((item, id) => ({
            id,
            message: { text: item.message },
            ...location(item.range),
          })),
        }),
  };
}

function physicalLocation(
  range: SourceRange,
  find: ReturnType<typeof placeFinder>,
  cwd: string,
): Record<string, unknown> {
  const { start, end } = find(range);
  const region =
    start === undefined || end === undefined
      ? {}
      : {
          region: {
            startLine: start.line,
            startColumn: start.column,
            endLine: end.line,
            endColumn: end.column,
          },
        };
  return { physicalLocation: { artifactLocation: artifact(range.file, cwd), ...region } };
}

function artifact(file: string, cwd: string): Record<string, unknown> {
  if (file === "-") return { uri: "stdin" };
  const near = relative(cwd, file);
  if (near.startsWith("..") || near === "") return { uri: pathToFileURL(file).href };
  return { uri: near.split(/[\\/]/).map(encodeURIComponent).join("/"), uriBaseId: "SRCROOT" };
}

function folderUrl(folder: string): string {
  const { href } = pathToFileURL(folder);
  return href.endsWith("/") ? href : `${href}/`;
}
