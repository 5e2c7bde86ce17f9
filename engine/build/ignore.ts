/** The patterns of a build's ignore file. */
import { BuildError } from "../error.ts";
import { createMatcher, type Matcher } from "../watch/match.ts";

/**
 * Throws BuildError for a pattern that is not valid: what it was to keep out of the image would get in. One that takes
 * back in is passed over, as the engine's own clients mostly do: they look at it only when something is kept out.
 */
export function usableMatcher(patterns: readonly string[]): Matcher {
  const matcher = createMatcher(patterns);
  const problem = matcher.problems.find(({ pattern }) => !pattern.trim().startsWith("!"));
  if (problem === undefined) return matcher;
  throw new BuildError(`.dockerignore: pattern "${problem.pattern}" is not valid: ${problem.message}`);
}
