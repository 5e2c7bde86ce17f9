/** Orders of names in printed output: by bytes in JSON, as people count (`a2` before `a10`) in YAML. */

export type Order = (a: string, b: string) => number;

/** Order of UTF-8 bytes, which is that of code points. */
export function compareBytes(a: string, b: string): number {
  if (a === b) return 0;
  for (let i = 0; i < a.length && i < b.length; i += 1) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(i);
    if (left === right) continue;
    const surrogates = Number(left >= 0xd800 && left < 0xe000) - Number(right >= 0xd800 && right < 0xe000);
    // A surrogate pair is above every single unit, also those of the private area behind it.
    return surrogates !== 0 ? surrogates : left - right;
  }
  return a.length - b.length;
}

// V8 takes long to make these patterns, and few names need them.
const isLetter = (char: string): boolean => (char < "\u0080" ? /^[a-z]$/i.test(char) : /^\p{L}$/u.test(char));
const isDigit = (char: string): boolean =>
  char < "\u0080" ? char >= "0" && char <= "9" : /^\p{Nd}$/u.test(char);

/** The order in which the peer writes YAML: signs before letters, runs of digits by their value. */
export function compareNames(a: string, b: string): number {
  const left = Array.from(a);
  const right = Array.from(b);
  const shared = Math.min(left.length, right.length);
  let at = 0;
  while (at < shared && left[at] === right[at]) at += 1;
  if (at === shared) return left.length - right.length;
  const x = left[at] ?? "";
  const y = right[at] ?? "";
  const isWord = isLetter(x);
  if (isWord !== isLetter(y)) {
    // Behind a digit the letter ends a shorter number, and comes first.
    const isBehindDigit = at > 0 && isDigit(left[at - 1] ?? "");
    return isWord === isBehindDigit ? -1 : 1;
  }
  if (isWord) return compareBytes(x, y);
  return compareNumbers(left, right, at) || compareBytes(x, y);
}

/** Numbers that differ from `at` on. A leading zero only counts where no other digit stands before it. */
function compareNumbers(left: readonly string[], right: readonly string[], at: number): number {
  let start = at;
  while (start > 0 && isDigit(left[start - 1] ?? "")) start -= 1;
  const hasZero = left[at] === "0" || right[at] === "0";
  const isInside = hasZero && left.slice(start, at).some((char) => char !== "0");
  const digitsOf = (chars: readonly string[]): string => {
    let end = at;
    while (end < chars.length && isDigit(chars[end] ?? "")) end += 1;
    return chars.slice(at, end).join("");
  };
  const x = digitsOf(left);
  const y = digitsOf(right);
  const [a, b] = [x, y].map((digits) => Number((isInside ? "1" : "") + (digits === "" ? "0" : digits))) as [
    number,
    number,
  ];
  return isInside && (x === "" || y === "") ? x.length - y.length : a - b || x.length - y.length;
}
