/**
 * Checks a merged stack file, in its written (short or long) forms, against the JSON Schema, and puts what is wrong
 * into words: one diagnostic for each mistake, at the exact key or value.
 */
import type { Diagnostic, SourceRange } from "./diagnostic.ts";
import { checkWritten } from "./check/written.ts";
import { pathText } from "./context.ts";
import { validate } from "./generated/validator.js";
import { unknownKeyHint } from "./key-hint.ts";
import { isEmptiedService, isMisplacedAttribute } from "./misplaced.ts";
import type { StackPath } from "./model.ts";
import { outlineAt, typesOf } from "./outline.ts";
import type { SchemaError } from "./schema-error.ts";
import { describeFormat } from "./schema-format.ts";
import { didYouMean } from "./suggest.ts";
import { isDuration, typeHint } from "./type-hint.ts";
import { alternatives, quote, typeWords, valueWords } from "./words.ts";

/** Where the key or the value at a path stands. */
export type Locate = (path: StackPath, target?: "key" | "value") => SourceRange | undefined;

/** A file with more mistakes than this is no stack file; nobody reads on. */
const FINDINGS_LIMIT = 500;

/** One mistake, before its place is looked up. */
interface Finding {
  readonly code: string;
  readonly message: string;
  readonly path: StackPath;
  readonly target: "key" | "value";
  readonly hint?: string | undefined;
  readonly related?: { readonly message: string; readonly path: StackPath };
}

/**
 * All schema mistakes of a merged file. Codes: `unknown-key`, `bad-name`, `wrong-type`, `not-allowed-value`,
 * `missing-key`, `bad-format`, `out-of-range`, `duplicate-item`, `exclusive-keys`. Empty for a correct file.
 */
export function validateStackFile(value: unknown, locate: Locate): Diagnostic[] {
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    return [
      toDiagnostic(
        {
          code: "wrong-type",
          message: `a stack file is a mapping, found ${valueWords(value)}`,
          path: [],
          target: "value",
        },
        locate,
      ),
    ];
  }
  const found = checkWritten(value, locate);
  if (validate(value)) return found;
  for (const error of validate.errors ?? []) {
    const finding = describe(error, value);
    if (finding !== undefined) found.push(toDiagnostic(finding, locate));
    if (found.length === FINDINGS_LIMIT) break;
  }
  return found;
}

function toDiagnostic(finding: Finding, locate: Locate): Diagnostic {
  const range = locate(finding.path, finding.target);
  const path = pathText(finding.path);
  const relatedRange = finding.related && locate(finding.related.path, "value");
  return {
    severity: "error",
    code: finding.code,
    message: finding.message,
    ...(path === "" ? {} : { path }),
    ...(range === undefined ? {} : { range }),
    ...(finding.related && relatedRange
      ? { related: [{ message: finding.related.message, range: relatedRange }] }
      : {}),
    ...(finding.hint === undefined ? {} : { hint: finding.hint }),
  };
}

function describe(error: SchemaError, root: unknown): Finding | undefined {
  const { path, value } = follow(error.instancePath, root);
  switch (error.keyword) {
    case "additionalProperties":
      return describeExtraKey(String(error.params["additionalProperty"]), path, value);
    case "type":
      return isEmptiedService(path, value, root) ? undefined : describeType(path, value);
    case "enum":
      return describeChoice(path, value, error.params["allowedValues"]);
    case "required":
      return describeMissing(String(error.params["missingProperty"]), path);
    case "uniqueItems":
      return describeDuplicate(path, value, error.params);
    case "pattern":
    case "minimum":
    case "maximum":
      return { ...describeFormat(path, value, error), path, target: "value" };
    case "if":
      return undefined; // The branch that failed has said why.
    default:
      return {
        code: "bad-format",
        message: `${subject(path)}: ${valueWords(value)} is not valid here`,
        path,
        target: "value",
      };
  }
}

/** The path and value behind a JSON pointer; list positions become numbers. */
function follow(pointer: string, root: unknown): { path: (string | number)[]; value: unknown } {
  const path: (string | number)[] = [];
  let value = root;
  if (pointer === "") return { path, value };
  for (const part of pointer.slice(1).split("/")) {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    path.push(Array.isArray(value) ? Number(key) : key);
    value = (value as Record<string, unknown>)[key];
  }
  return { path, value };
}

function describeExtraKey(key: string, path: StackPath, parent: unknown): Finding {
  const at = [...path, key];
  const schema = outlineAt(path);
  if (schema?.properties === undefined) {
    const message =
      key === ""
        ? `${subject(path)}: a name is empty`
        : `${subject(path)}: ${quote(key)} is not a valid name`;
    const named = key !== "" && typesOf(schema).includes("object");
    return {
      code: "bad-name",
      message,
      path: at,
      target: "key",
      hint: named ? 'use letters, digits, ".", "_" and "-"' : undefined,
    };
  }
  const value = (parent as Record<string, unknown>)[key];
  return {
    code: "unknown-key",
    message: `${subject(path)}: unknown key ${quote(key)}`,
    path: at,
    target: "key",
    hint: unknownKeyHint(key, path, schema, value),
  };
}

function describeType(path: StackPath, value: unknown): Finding {
  const schema = outlineAt(path);
  const types = typesOf(schema);
  return {
    code: "wrong-type",
    message: `${subject(path)}: expected ${expectedWords(path, types, value)}, found ${valueWords(value)}`,
    path,
    target: "value",
    hint: isMisplacedAttribute(path, value)
      ? `"${path[1]}" is an attribute of a service; indent it below the service's name`
      : typeHint(path, types, value, schema),
  };
}

/** A duration is text to the schema, and more than that to people. */
function expectedWords(path: StackPath, types: readonly string[], value: unknown): string {
  return typeof value === "number" && isDuration(path) ? "a duration with a unit" : typeWords(types);
}

function describeChoice(path: StackPath, value: unknown, allowed: unknown): Finding {
  const choices = Array.isArray(allowed) ? allowed.map(String) : [];
  const expected = alternatives(choices.map(quote));
  return {
    code: "not-allowed-value",
    message: `${subject(path)}: expected ${expected}, found ${valueWords(value)}`,
    path,
    target: "value",
    hint: typeof value === "string" ? didYouMean(value, choices) : undefined,
  };
}

function describeMissing(key: string, path: StackPath): Finding {
  return { code: "missing-key", message: `${subject(path)}: "${key}" is missing`, path, target: "key" };
}

function describeDuplicate(path: StackPath, value: unknown, params: SchemaError["params"]): Finding {
  const positions = [Number(params["i"]), Number(params["j"])].sort((a, b) => a - b);
  const [first = 0, second = 0] = positions;
  const item: unknown = Array.isArray(value) ? value[second] : undefined;
  return {
    code: "duplicate-item",
    message: `${subject(path)}: ${quote(String(item))} is listed twice`,
    path: [...path, second],
    target: "value",
    related: { message: "first listed here", path: [...path, first] },
  };
}

function subject(path: StackPath): string {
  return path.length === 0 ? "top level" : pathText(path);
}
