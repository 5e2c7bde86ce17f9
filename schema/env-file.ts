/**
 * The grammar of `.env` files, `--env-file` and `env_file` (specification: interpolation, env_file).
 *
 * `KEY=value` or `KEY: value`, optional `export`, `#` comments, single quotes literal, double quotes with escapes and
 * variables, both over several lines; `KEY` alone takes its value from outside.
 */
import type { Lookup } from "./template.ts";
import type { Substitution } from "./template.ts";
import { substitute } from "./template.ts";

export interface EnvEntry {
  readonly value: string;
  /** Offsets of the statement's value (of the key, where the value came from outside). */
  readonly start: number;
  readonly end: number;
}

export interface EnvProblem {
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

export interface EnvFile {
  readonly entries: ReadonlyMap<string, EnvEntry>;
  readonly problems: readonly EnvProblem[];
  /** Variables that values refer to and nobody sets. */
  readonly unset: readonly { readonly name: string; readonly start: number; readonly end: number }[];
}

const LINE_SPACE = /[\t\v\f\r \u0085\u00a0]/;
const ANY_SPACE = /\s|\u0085/;
const KEY_CHARACTER = /[\p{L}\p{N}_.\-[\]]/u;
const ESCAPE = /\\(?:[abcfnrtv$"\\]|0\d{0,3})/g;

interface State {
  readonly source: string;
  readonly lookup: Lookup;
  readonly earlier: Lookup;
  readonly entries: Map<string, EnvEntry>;
  readonly problems: EnvProblem[];
  readonly unset: { name: string; start: number; end: number }[];
  at: number;
}

/** Reads a file's text. `lookup` is asked first, then what the file itself set before, then files read `earlier`. */
export function parseEnvFile(source: string, lookup: Lookup, earlier: Lookup = () => undefined): EnvFile {
  const state: State = { source, lookup, earlier, entries: new Map(), problems: [], unset: [], at: 0 };
  while (skipToStatement(state) && readStatement(state));
  return state;
}

function valueOf(state: State, name: string): string | undefined {
  return state.lookup(name) ?? state.entries.get(name)?.value ?? state.earlier(name);
}

function skipToStatement(state: State): boolean {
  const { source } = state;
  for (;;) {
    while (state.at < source.length && ANY_SPACE.test(source.charAt(state.at))) state.at += 1;
    if (state.at >= source.length) return false;
    if (source.charAt(state.at) !== "#") return true;
    const end = source.indexOf("\n", state.at);
    if (end === -1) return false;
    state.at = end;
  }
}

function readStatement(state: State): boolean {
  const { source } = state;
  const exported = /^export\s+/.exec(source.slice(state.at, state.at + 64));
  if (exported) {
    state.at += "export".length;
    while (LINE_SPACE.test(source.charAt(state.at))) state.at += 1;
  }
  const keyStart = state.at;
  const separator = findSeparator(state, keyStart);
  if (separator === undefined) return false;
  const key = source.slice(keyStart, separator).trimEnd();
  if (key.includes(" ")) return fail(state, keyStart, separator, `a key cannot contain a space: "${key}"`);
  const inherited = separator >= source.length || source.charAt(separator) === "\n";
  state.at = separator + 1;
  while (state.at < source.length && LINE_SPACE.test(source.charAt(state.at))) state.at += 1;
  if (!inherited) return readValue(state, key);
  const value = valueOf(state, key);
  if (value !== undefined) state.entries.set(key, { value, start: keyStart, end: separator });
  return true;
}

/** Offset of the `=`, `:` or line end that ends the key. */
function findSeparator(state: State, start: number): number | undefined {
  const { source } = state;
  for (let i = start; i < source.length; i += 1) {
    const char = source.charAt(i);
    if (char === "=" || char === ":" || char === "\n") return i;
    if (LINE_SPACE.test(char) || KEY_CHARACTER.test(char)) continue;
    const end = lineEnd(source, start);
    fail(
      state,
      i,
      i + 1,
      `unexpected character "${char}" in the variable name "${source.slice(start, end)}"`,
    );
    return undefined;
  }
  return source.length;
}

function readValue(state: State, key: string): boolean {
  const { source } = state;
  const quote = source.charAt(state.at);
  if (quote === '"' || quote === "'") return readQuoted(state, key, quote);
  const start = state.at;
  const end = lineEnd(source, start);
  const comment = source.slice(start, end).indexOf(" #");
  const raw = source.slice(start, comment === -1 ? end : start + comment).trimEnd();
  state.at = Math.min(end + 1, source.length);
  return setExpanded(state, key, raw, start, start + raw.length);
}

function readQuoted(state: State, key: string, quote: string): boolean {
  const { source } = state;
  const start = state.at;
  let value = "";
  let escaped = false;
  for (let i = start + 1; i < source.length; i += 1) {
    const char = source.charAt(i);
    if (char !== quote) {
      if (!escaped && char === "\\") {
        escaped = true;
        continue;
      }
      value += escaped ? `\\${char}` : char;
      escaped = false;
      continue;
    }
    if (escaped) {
      value += char;
      escaped = false;
      continue;
    }
    state.at = i + 1;
    if (quote === '"') return setExpanded(state, key, expandEscapes(value), start, i + 1);
    state.entries.set(key, { value, start, end: i + 1 });
    return true;
  }
  const end = lineEnd(source, start);
  return fail(state, start, end, `the quoted value of "${key}" is not closed`);
}

function setExpanded(state: State, key: string, raw: string, start: number, end: number): boolean {
  const result: Substitution = substitute(raw, (name) => valueOf(state, name));
  for (const name of result.unset) state.unset.push({ name, start, end });
  if (result.problem) {
    return fail(
      state,
      start,
      end,
      result.problem.kind === "required"
        ? `the required variable "${result.problem.name}" is not set${result.problem.reason ? `: ${result.problem.reason}` : ""}`
        : `invalid variable reference in the value of "${key}"`,
    );
  }
  state.entries.set(key, { value: result.text, start, end });
  return true;
}

const ESCAPES: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  '"': '"',
  "\\": "\\",
};

function expandEscapes(value: string): string {
  return value.replace(ESCAPE, (match) => {
    if (match === "\\$") return "$$";
    if (match.startsWith("\\0")) {
      const digits = match.slice(2);
      // Three octal digits make one byte; anything else stands as it is written.
      if (!/^[0-7]{3}$/.test(digits)) return match;
      const code = Number.parseInt(digits, 8);
      return code > 255 ? match : String.fromCharCode(code);
    }
    return ESCAPES[match.charAt(1)] ?? match;
  });
}

function fail(state: State, start: number, end: number, message: string): false {
  state.problems.push({ message, start, end });
  return false;
}

function lineEnd(source: string, from: number): number {
  const end = source.indexOf("\n", from);
  return end === -1 ? source.length : end;
}

/** `format: raw`: `KEY=value` lines as `docker run --env-file` reads them, nothing expanded. */
export function parseRawEnvFile(source: string, lookup: Lookup, earlier: Lookup = () => undefined): EnvFile {
  const entries = new Map<string, EnvEntry>();
  const problems: EnvProblem[] = [];
  let start = 0;
  for (const line of source.split("\n")) {
    const end = start + line.length;
    const lineText = line.replace(/\r$/, "").trimStart();
    if (lineText !== "" && !lineText.startsWith("#")) {
      const equals = lineText.indexOf("=");
      const key = equals === -1 ? lineText : lineText.slice(0, equals);
      if (key === "") problems.push({ message: "a line has no variable name", start, end });
      else if (/[ \t]/.test(key))
        problems.push({ message: `the variable "${key}" contains whitespace`, start, end });
      else if (equals !== -1) entries.set(key, { value: lineText.slice(equals + 1), start, end });
      else {
        const value = lookup(key) ?? entries.get(key)?.value ?? earlier(key);
        if (value !== undefined) entries.set(key, { value, start, end });
      }
    }
    start = end + 1;
  }
  return { entries, problems, unset: [] };
}
