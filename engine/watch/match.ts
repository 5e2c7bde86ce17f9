/**
 * Which paths a list of ignore patterns covers. One matcher for build contexts and for watch, so that both always
 * agree. The rules are those of `.dockerignore`: the last pattern that matches decides, `!` takes back in, and what
 * holds for a directory holds for everything below it.
 */
import { cleanPath, compilePattern, type Pattern } from "./pattern.ts";

export interface PatternProblem {
  readonly pattern: string;
  readonly message: string;
}

/** Match state of one directory, handed to its entries so that no path is checked against its ancestors twice. */
export interface DirectoryState {
  readonly matched: boolean;
  /** Per pattern: matched the directory or one of its ancestors. */
  readonly flags: readonly boolean[];
}

export interface Matcher {
  readonly problems: readonly PatternProblem[];
  /** No pattern at all: matches nothing. */
  readonly isEmpty: boolean;
  /** Whether a path is covered, itself or through an ancestor. Ancestors' states are remembered. */
  matches(path: string): boolean;
  /** One step of a walk: the state of `path` from its parent's (undefined at the top). */
  step(path: string, parent: DirectoryState | undefined): DirectoryState;
  /** Whether an exception could take back in something below this covered directory. */
  mayExceptBelow(directory: string): boolean;
  /** Whether something below this directory, itself not covered, could be covered. */
  mayMatchBelow(directory: string): boolean;
}

/** Directories whose state is remembered; enough for large trees, bounded for day-long watching. */
const MAX_REMEMBERED = 10_000;

/** Patterns that are not valid match nothing and are listed in `problems`. */
export function createMatcher(sources: readonly string[]): Matcher {
  const patterns: Pattern[] = [];
  const problems: PatternProblem[] = [];
  for (const source of sources) {
    const pattern = compilePattern(source);
    if (pattern === undefined) continue;
    if ("problem" in pattern) problems.push({ pattern: source, message: pattern.problem });
    else patterns.push(pattern);
  }
  const exceptions = patterns.filter((pattern) => pattern.isException);
  const remembered = new Map<string, DirectoryState>();

  const stateOf = (directory: string): DirectoryState => {
    const known = remembered.get(directory);
    if (known !== undefined) return known;
    const state = step(patterns, directory, parentState(directory));
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    remembered.set(directory, state);
    return state;
  };
  const parentState = (path: string): DirectoryState | undefined => {
    const slash = path.lastIndexOf("/");
    return slash < 0 ? undefined : stateOf(path.slice(0, slash));
  };
  return {
    problems,
    isEmpty: patterns.length === 0,
    matches: (path) => patterns.length > 0 && step(patterns, path, parentState(path)).matched,
    step: (path, parent) => step(patterns, path, parent),
    mayExceptBelow: (directory) => exceptions.some((pattern) => pattern.reachesInto(directory)),
    mayMatchBelow: (directory) =>
      patterns.some((pattern) => !pattern.isException && pattern.reachesInto(directory)),
  };
}

function step(
  patterns: readonly Pattern[],
  path: string,
  parent: DirectoryState | undefined,
): DirectoryState {
  let matched = false;
  const flags: boolean[] = [];
  for (const [index, pattern] of patterns.entries()) {
    let isMatch = parent?.flags[index] ?? false;
    // A pattern that could not change the outcome is not tried.
    if (!isMatch && pattern.isException === matched) isMatch = pattern.test(path);
    flags.push(isMatch);
    if (isMatch) matched = !pattern.isException;
  }
  return { matched, flags };
}

const BYTE_ORDER_MARK = "\uFEFF";

/**
 * The patterns of an ignore file: one a line, `#` at the line's very start comments, a leading `/` means the root.
 */
export function parseIgnoreFile(text: string): readonly string[] {
  const body = text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
  return body.split("\n").flatMap((line) => {
    const pattern = line.startsWith("#") ? "" : line.trim();
    if (pattern === "") return [];
    const isException = pattern.startsWith("!");
    const rest = isException ? pattern.slice(1).trim() : pattern;
    const cleaned = rest === "" ? "" : cleanPath(rest);
    const relative = cleaned.length > 1 && cleaned.startsWith("/") ? cleaned.slice(1) : cleaned;
    return [isException ? `!${relative}` : relative];
  });
}
