/**
 * One ignore pattern, with the exact rules of the engine's own matcher: Go's path syntax (`*`, `?`, `[...]`, `\`)
 * plus `**` for any number of directories. Paths are relative, with `/`, without a leading or trailing one.
 */

export interface Pattern {
  /** The pattern begins with `!`: what it matches is taken back in. */
  readonly isException: boolean;
  /** Cleaned, without the `!`. */
  readonly text: string;
  readonly test: (path: string) => boolean;
  /** Whether some path below this directory could match. Errs on the side of true. */
  readonly reachesInto: (directory: string) => boolean;
}

/** A problem as text, where the pattern is not valid. */
export type PatternResult = Pattern | { readonly problem: string };

/** Undefined for an empty pattern, which matches nothing. */
export function compilePattern(source: string): PatternResult | undefined {
  const trimmed = source.trim();
  if (trimmed === "") return undefined;
  const cleaned = cleanPath(trimmed);
  const isException = cleaned.startsWith("!");
  const text = isException ? cleaned.slice(1) : cleaned;
  if (text === "") return { problem: 'a lone "!" excludes nothing' };
  const problem = syntaxProblem(text);
  if (problem !== undefined) return { problem };
  const test = compileTest(text);
  if (test === undefined) return { problem: "not a valid pattern" };
  return { isException, text, test, reachesInto: compileReach(text) };
}

/** Go's `path.Clean`: no `.`, no empty and no resolvable `..` components, no trailing slash. */
export function cleanPath(path: string): string {
  const isRooted = path.startsWith("/");
  const kept: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") kept.push(part);
    else if (kept.length > 0 && kept.at(-1) !== "..") kept.pop();
    else if (!isRooted) kept.push("..");
  }
  const joined = kept.join("/");
  if (isRooted) return `/${joined}`;
  return joined === "" ? "." : joined;
}

/** Letters that mean the same behind a backslash in the engine's regular expressions and in ours. */
const MEANT_ESCAPE = /^(?:[^A-Za-z0-9]|[abBdDfnrsStvwW]|x[0-9A-Fa-f]{2})/u;

/**
 * What Go's `filepath.Match` refuses: an unfinished escape or an unfinished or empty `[...]`. And what its regular
 * expressions refuse, to which the engine hands an escape as it is: a letter that has no meaning behind a backslash.
 */
function syntaxProblem(text: string): string | undefined {
  const characters = [...text];
  for (let i = 0; i < characters.length; i += 1) {
    if (characters[i] === "\\") {
      i += 1;
      if (i >= characters.length) return 'a trailing "\\" escapes nothing';
      if (!MEANT_ESCAPE.test(characters.slice(i, i + 3).join(""))) {
        return `"\\${characters[i]}" has no meaning: directories are separated by "/"`;
      }
    } else if (characters[i] === "[") {
      const end = classEnd(characters, i);
      if (end === undefined) return 'a "[" without its "]"';
      i = end;
    }
  }
  return undefined;
}

/** Index of the `]` that ends the class at `start`, or undefined when the class is malformed. */
function classEnd(characters: readonly string[], start: number): number | undefined {
  let i = start + 1;
  if (characters[i] === "^") i += 1;
  for (let ranges = 0; ; ranges += 1) {
    if (characters[i] === "]" && ranges > 0) return i;
    const low = classItem(characters, i);
    if (low === undefined) return undefined;
    i = low;
    if (characters[i] !== "-") continue;
    const high = classItem(characters, i + 1);
    if (high === undefined) return undefined;
    i = high;
  }
}

/** Index after one (possibly escaped) character of a class. */
function classItem(characters: readonly string[], i: number): number | undefined {
  const character = characters[i];
  if (character === undefined || character === "-" || character === "]") return undefined;
  if (character !== "\\") return i + 1;
  return i + 1 < characters.length ? i + 2 : undefined;
}

/** Most patterns are plain text, `dir/**` or `**\/name`: these need no regular expression. */
function compileTest(text: string): ((path: string) => boolean) | undefined {
  const { source, kind } = translate(text);
  switch (kind) {
    case "exact":
      return (path) => path === text;
    case "prefix": {
      const prefix = text.slice(0, -2);
      return (path) => path.startsWith(prefix);
    }
    case "suffix": {
      const end = text.slice(2);
      const bare = end.startsWith("/") ? end.slice(1) : undefined;
      return (path) => path.endsWith(end) || path === bare;
    }
    case "regexp": {
      const expression = compileExpression(source);
      return expression === undefined ? undefined : (path) => expression.test(path);
    }
    default:
      return kind satisfies never;
  }
}

type Kind = "exact" | "prefix" | "suffix" | "regexp";

/**
 * Character by character, as the engine does it. What stands inside `[...]` gets no treatment of its own there, so it
 * gets none here.
 */
function translate(text: string): { readonly source: string; readonly kind: Kind } {
  const characters = [...text];
  let source = "";
  let kind: Kind = "exact";
  for (let i = 0; i < characters.length; i += 1) {
    const character = characters[i] ?? "";
    if (character === "*" && characters[i + 1] === "*") {
      const isFirst = i === 0;
      i += characters[i + 2] === "/" ? 2 : 1;
      const isLast = i + 1 >= characters.length;
      if (isLast && kind === "exact") kind = "prefix";
      else {
        source += isLast ? ".*" : "(.*/)?";
        kind = "regexp";
      }
      // `**` at the start and plain text after it: the end of the path decides.
      if (isFirst) kind = "suffix";
    } else if (character === "*" || character === "?") {
      source += character === "*" ? "[^/]*" : "[^/]";
      kind = "regexp";
    } else if (character === "\\") {
      i += 1;
      // The engine's expressions know a letter more than ours: the bell.
      source += characters[i] === "a" ? "\\x07" : `\\${characters[i] ?? "\\"}`;
      kind = "regexp";
    } else if (character === "[" || character === "]") {
      source += character;
      kind = "regexp";
    } else source += /[.+()|{}$]/.test(character) ? `\\${character}` : character;
  }
  return { source, kind };
}

/** Unicode mode refuses some texts that the engine takes, such as a lone `]`. */
function compileExpression(source: string): RegExp | undefined {
  for (const flags of ["su", "s"]) {
    try {
      return new RegExp(`^${source}$`, flags);
    } catch {
      // Not valid in this mode.
    }
  }
  return undefined;
}

/** Components are compared one by one; from the first one that spans directories on, anything is possible. */
function compileReach(text: string): (directory: string) => boolean {
  const parts = text.split("/");
  const isOpen = (part: string): boolean => part.includes("**") || /[[\]\\]/.test(part);
  const open = parts.findIndex(isOpen);
  const fixed = (open < 0 ? parts : parts.slice(0, open)).map(compileTest);
  return (directory) => {
    const components = directory.split("/");
    if (open < 0 && components.length >= parts.length) return false;
    const count = Math.min(components.length, fixed.length);
    for (let i = 0; i < count; i += 1) {
      if (fixed[i]?.(components[i] ?? "") !== true) return false;
    }
    return true;
  };
}
