/** Splits a command written as one text into arguments: quotes and backslashes as a shell, no expansion. */

/** `undefined`: a quote, backslash or bracket is left open. A bare `;`, `&`, `|`, `<` or `>` ends the command. */
export function splitShellWords(line: string): string[] | undefined {
  const words: string[] = [];
  let word = "";
  let started = false;
  let escaped = false;
  let single = false;
  let double = false;
  let backtick = false;
  let dollar = false;
  for (const char of line) {
    if (escaped) {
      word += char;
      escaped = false;
      started = true;
      continue;
    }
    if (char === "\\") {
      if (single) word += char;
      else escaped = true;
      continue;
    }
    if (char === " " || char === "\t" || char === "\r" || char === "\n") {
      if (single || double || backtick || dollar) word += char;
      else if (started) {
        words.push(word);
        word = "";
        started = false;
      }
      continue;
    }
    if (char === "`" && !single && !double && !dollar) backtick = !backtick;
    else if (char === ")" && !single && !double && !backtick) dollar = !dollar;
    else if (char === "(" && !single && !double && !backtick) {
      if (dollar || !word.endsWith("$")) return undefined;
      dollar = true;
      word += char;
      continue;
    } else if (char === '"' && !single && !dollar) {
      if (double) started = true;
      double = !double;
      continue;
    } else if (char === "'" && !double && !dollar) {
      if (single) started = true;
      single = !single;
      continue;
    } else if (";&|<>".includes(char) && !(single || double || backtick || dollar)) {
      if (char === ">" && /^[0-9]/.test(word)) started = false;
      break;
    }
    started = true;
    word += char;
  }
  if (started) words.push(word);
  return escaped || single || double || backtick || dollar ? undefined : words;
}
