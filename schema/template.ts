/**
 * The `${...}` grammar of stack files and env files (specification: interpolation).
 *
 * A variable name is `[_a-zA-Z][_a-zA-Z0-9]*`. Operators: `-` `:-` default, `?` `:?` required, `+` `:+` alternative;
 * the colon forms treat an empty value as unset. Operands may nest. `$$` is a literal dollar sign.
 */
export type Lookup = (name: string) => string | undefined;

export type TemplateProblem =
  /** `reference`: the text from its dollar sign to the end of the line. */
  | { readonly kind: "invalid"; readonly reference: string }
  | { readonly kind: "required"; readonly name: string; readonly reason: string };

export interface Substitution {
  readonly text: string;
  /** The first problem found. */
  readonly problem?: TemplateProblem;
  /** Names that were used without a default and are not set. */
  readonly unset: readonly string[];
}

/** An `${` that is no reference is matched alone and is invalid. An operand ends at the last brace of its line. */
const REFERENCE = /\$(?:(\$)|([_a-z][_a-z0-9]*)|\{(?:([_a-z][_a-z0-9]*)(?:(:?[-+?])([^\n]*))?\}|))/gi;
const NESTING_LIMIT = 200;

interface State {
  readonly lookup: Lookup;
  readonly unset: string[];
  problem: TemplateProblem | undefined;
  depth: number;
}

export function substitute(template: string, lookup: Lookup): Substitution {
  if (!template.includes("$")) return { text: template, unset: [] };
  const state: State = { lookup, unset: [], problem: undefined, depth: 0 };
  const text = expand(template, state);
  return state.problem ? { text, problem: state.problem, unset: state.unset } : { text, unset: state.unset };
}

const REFERENCE_START = /\$(?:(\$)|([_a-z][_a-z0-9]*)|\{(?:([_a-z][_a-z0-9]*)(\}|:?[-+?]))?)/gi;

/** Stops at the first problem: the text is of no use then. */
function expand(template: string, state: State): string {
  if (!template.includes("$")) return template;
  if (state.depth >= NESTING_LIMIT) {
    state.problem ??= { kind: "invalid", reference: template };
    return "";
  }
  state.depth += 1;
  let result = "";
  let from = 0;
  const pattern = new RegExp(REFERENCE_START);
  for (let match = pattern.exec(template); match && !state.problem; match = pattern.exec(template)) {
    const [, escaped, named, braced, operator] = match;
    result += template.slice(from, match.index);
    from = pattern.lastIndex;
    if (escaped) result += "$";
    else if (named) result += plainValue(named, state);
    else if (!braced || operator === undefined) state.problem ??= invalidAt(template, match.index);
    else if (operator === "}") result += plainValue(braced, state);
    else {
      const end = referenceEnd(template, match.index);
      if (end === undefined) {
        state.problem ??= invalidAt(template, match.index);
        break;
      }
      result += operate(braced, operator, template.slice(from, end), state);
      from = end + 1;
      pattern.lastIndex = from;
    }
  }
  state.depth -= 1;
  return result + template.slice(from);
}

function invalidAt(template: string, start: number): TemplateProblem {
  const [reference = ""] = template.slice(start).split("\n", 1);
  return { kind: "invalid", reference };
}

/** Offset of the brace that ends a reference, which must be on its line; the last one of the line where braces do not match. */
function referenceEnd(template: string, start: number): number | undefined {
  const lineEnd = template.indexOf("\n", start);
  const close = closingBrace(template, start, lineEnd === -1 ? template.length : lineEnd);
  if (close !== -1) return close;
  const last = template.lastIndexOf("}", lineEnd === -1 ? template.length : lineEnd);
  return last > start ? last : undefined;
}

function plainValue(name: string, state: State): string {
  const value = state.lookup(name);
  if (value === undefined) state.unset.push(name);
  return value ?? "";
}

function operate(name: string, operator: string, operand: string, state: State): string {
  const expanded = expand(operand, state);
  const value = state.lookup(name);
  const usable = value !== undefined && (operator.length === 1 || value !== "");
  switch (operator.at(-1)) {
    case "-":
      return usable ? value : expanded;
    case "+":
      return usable ? expanded : (value ?? "");
    default:
      if (usable) return value;
      state.problem ??= { kind: "required", name, reason: expanded };
      return "";
  }
}

/** Index of the brace that closes the first one from `start`, or -1. The character after an opening brace is never one. */
function closingBrace(text: string, start: number, end: number): number {
  let open = 0;
  for (let i = start; i < end; i += 1) {
    const code = text.charCodeAt(i);
    if (code === 0x7d) {
      open -= 1;
      if (open === 0) return i;
    } else if (code === 0x7b) {
      open += 1;
      i += 1;
    }
  }
  return -1;
}

export interface TemplateVariable {
  readonly name: string;
  readonly defaultValue: string;
  readonly presenceValue: string;
  readonly required: boolean;
}

/** Every variable that a text refers to, with the defaults written for it. */
export function templateVariables(template: string): TemplateVariable[] {
  const found: TemplateVariable[] = [];
  collectVariables(template, found, 0);
  return found;
}

function collectVariables(template: string, found: TemplateVariable[], depth: number): void {
  if (depth > NESTING_LIMIT || !template.includes("$")) return;
  for (const match of template.matchAll(REFERENCE)) {
    const [whole, escaped, named, braced, operator] = match;
    if (escaped) continue;
    const name = named ?? braced;
    if (name === undefined) continue;
    if (operator === undefined) {
      found.push({ name, defaultValue: "", presenceValue: "", required: false });
      continue;
    }
    const close = closingBrace(whole, 0, whole.length);
    const end = close === -1 ? whole.length - 1 : close;
    const operand = whole.slice(2 + name.length + operator.length, end);
    const kind = operator.at(-1);
    collectVariables(whole.slice(end + 1), found, depth + 1);
    found.push({
      name,
      defaultValue: kind === "-" ? operand : "",
      presenceValue: kind === "+" ? operand : "",
      required: kind === "?",
    });
    if (kind !== "?") collectVariables(operand, found, depth + 1);
  }
}
