/**
 * The `${...}` grammar of stack files and env files (specification: interpolation).
 *
 * A variable name is `[_a-zA-Z][_a-zA-Z0-9]*`. Operators: `-` `:-` default, `?` `:?` required, `+` `:+` alternative;
 * the colon forms treat an empty value as unset. Operands may nest. `$$` is a literal dollar sign.
 */
export type Lookup = (name: string) => string | undefined;

export type TemplateProblem =
  | { readonly kind: "invalid"; readonly template: string }
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
const REFERENCE_LIMIT = 200;

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

function expand(template: string, state: State): string {
  if (!template.includes("$")) return template;
  if (state.depth > REFERENCE_LIMIT) {
    state.problem ??= { kind: "invalid", template };
    return "";
  }
  state.depth += 1;
  const result = template.replace(
    REFERENCE,
    (whole, escaped: string | undefined, named: string | undefined, braced: string | undefined, operator: string | undefined) => {
      if (escaped) return "$";
      if (named) return plainValue(named, state);
      if (!braced) {
        state.problem ??= { kind: "invalid", template };
        return "";
      }
      return operator ? applyOperator(whole, braced, operator, state) : plainValue(braced, state);
    },
  );
  state.depth -= 1;
  return result;
}

function plainValue(name: string, state: State): string {
  const value = state.lookup(name);
  if (value === undefined) state.unset.push(name);
  return value ?? "";
}

/** `whole` may run past the reference's own brace, up to the last one of the line: what follows is text again. */
function applyOperator(whole: string, name: string, operator: string, state: State): string {
  const close = closingBrace(whole);
  const end = close === -1 ? whole.length - 1 : close;
  const operand = whole.slice(2 + name.length + operator.length, end);
  const value = operate(name, operator, operand, state);
  return value + expand(whole.slice(end + 1), state);
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

/** Index of the brace that closes the first one, or -1. The character after an opening brace is never one. */
function closingBrace(reference: string): number {
  let open = 0;
  for (let i = 0; i < reference.length; i += 1) {
    if (reference[i] === "}") {
      open -= 1;
      if (open === 0) return i;
    } else if (reference[i] === "{") {
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
  if (depth > REFERENCE_LIMIT || !template.includes("$")) return;
  for (const match of template.matchAll(REFERENCE)) {
    const [whole, escaped, named, braced, operator] = match;
    if (escaped) continue;
    const name = named ?? braced;
    if (name === undefined) continue;
    if (operator === undefined) {
      found.push({ name, defaultValue: "", presenceValue: "", required: false });
      continue;
    }
    const close = closingBrace(whole);
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
