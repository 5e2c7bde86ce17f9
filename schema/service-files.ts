/** `env_file` and `label_file`: variables and labels that stand in files of their own. */
import type { LoadContext } from "./context.ts";
import type { SourceRange } from "./diagnostic.ts";
import { reportEnvFile } from "./environment.ts";
import type { EnvFile } from "./env-file.ts";
import { parseEnvFile, parseRawEnvFile } from "./env-file.ts";
import type { Service, StackPath, StringMap } from "./model.ts";
import { emptyRecord } from "./shape.ts";
import type { Lookup } from "./template.ts";
import { lookupIn } from "./environment.ts";

export interface ServiceFilesInput {
  readonly context: LoadContext;
  readonly environment: StringMap;
  readonly locate: (path: StackPath) => SourceRange;
  /** Places of values that come from such a file, by `service\0section\0key`. */
  readonly places: Map<string, SourceRange>;
}

/** Where values may come from other than the file itself: what wins over it, and what files before it set. */
interface Lookups {
  readonly outer: Lookup;
  readonly earlier: Lookup;
}

export function placeKey(service: string, section: string, key: string): string {
  return `${service}\0${section}\0${key}`;
}

/** The service with variables and labels of its files filled in; `environment` and `labels` win over files. */
export function resolveServiceFiles(name: string, service: Service, input: ServiceFilesInput): Service {
  const keep = input.context.options.skip?.environmentResolution;
  const environment = keep ? service.environment : resolveEnvironment(name, service, input);
  const labels = resolveLabels(name, service, input);
  if (environment === service.environment && labels === service.labels) return service;
  return { ...service, ...(environment ? { environment } : {}), ...(labels ? { labels } : {}) };
}

function resolveEnvironment(
  name: string,
  service: Service,
  input: ServiceFilesInput,
): Service["environment"] {
  const project = lookupIn(input.environment);
  const own = service.environment;
  const resolved = own && Object.values(own).includes(null) ? fillIn(own, project) : own;
  const files = service.env_file ?? [];
  if (files.length === 0) return resolved;
  const values = emptyRecord<string | null>();
  const lookups: Lookups = {
    outer: (key) => project(key) ?? resolved?.[key] ?? undefined,
    earlier: (key) => values[key] ?? undefined,
  };
  for (const [index, file] of files.entries()) {
    const at = input.locate(["services", name, "env_file", index]);
    const parsed = readValues(file.path, file.format, file.required, "env", lookups, at, input.context);
    for (const [key, entry] of parsed?.entries ?? []) {
      values[key] = entry.value;
      if (resolved?.[key] === undefined) {
        input.places.set(placeKey(name, "environment", key), {
          file: file.path,
          start: entry.start,
          end: entry.end,
        });
      }
    }
  }
  const merged = Object.assign(values, resolved);
  return Object.keys(merged).length > 0 ? merged : undefined;
}

function fillIn(own: Readonly<Record<string, string | null>>, lookup: Lookup): Record<string, string | null> {
  const result = emptyRecord<string | null>();
  for (const [key, value] of Object.entries(own)) result[key] = value ?? lookup(key) ?? null;
  return result;
}

function resolveLabels(name: string, service: Service, input: ServiceFilesInput): Service["labels"] {
  const files = service.label_file ?? [];
  if (files.length === 0) return service.labels;
  const values = emptyRecord<string>();
  // Here, unlike for env files, what an earlier file set wins over the file itself.
  const lookups: Lookups = { outer: lookupIn(values), earlier: () => undefined };
  for (const [index, path] of files.entries()) {
    const at = input.locate(["services", name, "label_file", index]);
    const parsed = readValues(path, undefined, true, "label", lookups, at, input.context);
    for (const [key, entry] of parsed?.entries ?? []) {
      values[key] = entry.value;
      if (service.labels?.[key] === undefined) {
        input.places.set(placeKey(name, "labels", key), { file: path, start: entry.start, end: entry.end });
      }
    }
  }
  return Object.assign(values, service.labels);
}

function readValues(
  path: string,
  format: string | undefined,
  required: boolean,
  kind: "env" | "label",
  lookups: Lookups,
  at: SourceRange,
  context: LoadContext,
): EnvFile | undefined {
  if (format !== undefined && format !== "" && format !== "raw" && format !== ".env") {
    context.report({
      code: "not-allowed-value",
      message: `"${format}" is not a format of env files`,
      range: at,
      hint: 'only "raw" is known',
    });
    return undefined;
  }
  const read = context.read(path);
  if (read.kind === "missing" && !required) return undefined;
  if (read.kind !== "text") {
    const message =
      read.kind === "missing"
        ? `${kind} file not found: ${path}`
        : read.kind === "directory"
          ? `the ${kind} file is a directory: ${path}`
          : `cannot read the ${kind} file ${path}: ${read.reason}`;
    const hint = read.kind === "missing" && kind === "env" ? "create it, or add required: false" : undefined;
    context.report({ code: `${kind}-file-not-found`, message, range: at, hint });
    return undefined;
  }
  context.noteOrigin(path, "read for this", at);
  const { outer, earlier } = lookups;
  const parsed =
    format === "raw" ? parseRawEnvFile(read.text, outer, earlier) : parseEnvFile(read.text, outer, earlier);
  reportEnvFile(path, parsed, context);
  return parsed;
}
