/** "Did you mean": the nearest known word, where it is near enough to be a slip of the hand. */

/** Longer words are no typing mistakes of our keys, and comparing them would cost time on hostile input. */
const MAX_LENGTH = 64;

/**
 * The candidate that the word most likely stands for, or undefined where none is close.
 *
 * Distance counts insertions, deletions, replacements and swaps of neighbours; a difference in case, `-` for `_`, or
 * a plural `s` is nearly free. About one mistake in three letters is tolerated. Ties go to the earlier candidate.
 */
export function suggest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length === 0 || word.length > MAX_LENGTH) return undefined;
  const folded = fold(word);
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    if (candidate === word) continue;
    const limit = Math.min(bestDistance - 1, tolerance(word, candidate));
    if (limit < 0 || Math.abs(candidate.length - word.length) > limit + 1) continue;
    const distance = foldedDistance(folded, fold(candidate), limit);
    if (distance <= limit) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** The hint `did you mean "x"?`, or undefined where nothing is close. */
export function didYouMean(word: string, candidates: Iterable<string>): string | undefined {
  const best = suggest(word, candidates);
  return best === undefined ? undefined : `did you mean "${best}"?`;
}

function fold(word: string): string {
  return word.toLowerCase().replaceAll("-", "_").replaceAll(" ", "_");
}

function tolerance(word: string, candidate: string): number {
  const length = Math.min(word.length, candidate.length);
  return length <= 2 ? 1 : Math.min(3, Math.floor((length + 1) / 3));
}

function foldedDistance(a: string, b: string, limit: number): number {
  if (sameFolded(a, b)) return 0;
  return limit === 0 ? 1 : editDistance(a, b, limit);
}

/** Whether two words differ in case, in `-`, `_` and spaces, or in a plural `s` only. */
export function isSameButForStyle(a: string, b: string): boolean {
  return sameFolded(fold(a), fold(b));
}

function sameFolded(a: string, b: string): boolean {
  if (a === b || `${a}s` === b || a === `${b}s`) return true;
  return a.replaceAll("_", "") === b.replaceAll("_", "");
}

/** Words are at most 64 letters long where suggestions are asked for; longer ones get rows of their own. */
const rows = [new Uint16Array(130), new Uint16Array(130), new Uint16Array(130)] as const;

/** Restricted Damerau-Levenshtein distance; a number above `limit` only says "more than that". */
export function editDistance(a: string, b: string, limit = Number.POSITIVE_INFINITY): number {
  const size = b.length + 1;
  let [beforePrevious, previous, current] =
    size <= rows[0].length ? rows : [new Uint16Array(size), new Uint16Array(size), new Uint16Array(size)];
  for (let j = 0; j < size; j += 1) previous[j] = j;
  for (let i = 1; i <= a.length; i += 1) {
    current[0] = i;
    let rowMinimum = i;
    const letter = a.charCodeAt(i - 1);
    for (let j = 1; j < size; j += 1) {
      const other = b.charCodeAt(j - 1);
      let cost = Math.min(
        (previous[j] ?? 0) + 1,
        (current[j - 1] ?? 0) + 1,
        (previous[j - 1] ?? 0) + (letter === other ? 0 : 1),
      );
      if (i > 1 && j > 1 && letter === b.charCodeAt(j - 2) && a.charCodeAt(i - 2) === other) {
        cost = Math.min(cost, (beforePrevious[j - 2] ?? 0) + 1);
      }
      current[j] = cost;
      rowMinimum = Math.min(rowMinimum, cost);
    }
    if (rowMinimum > limit + 1) return rowMinimum;
    [beforePrevious, previous, current] = [previous, current, beforePrevious];
  }
  return previous[size - 1] ?? 0;
}
