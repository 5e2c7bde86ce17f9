/** Measuring and cutting text as a terminal shows it: escape sequences take no room, wide characters take two cells. */

// oxlint-disable-next-line no-control-regex -- escape sequences begin with a control character
const ANSI = /\u001B(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)|[@-Z\\-_])/g;
const PLAIN_ASCII = /^[\x20-\x7E]*$/;
const ZERO_WIDTH = /^[\p{Mark}\p{Control}\p{Format}]$/u;

export function stripAnsi(text: string): string {
  return text.includes("\u001B") ? text.replace(ANSI, "") : text;
}

/** Number of terminal cells that the text takes. */
export function displayWidth(text: string): number {
  if (PLAIN_ASCII.test(text)) return text.length;
  let width = 0;
  for (const character of stripAnsi(text)) width += cellsOf(character);
  return width;
}

/** The text cut to `width` cells, ending in `…` where something was left out. Escape sequences are kept whole. */
export function truncate(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  if (width <= 0) return "";
  let kept = "";
  let used = 0;
  let sawEscape = false;
  for (const part of text.split(/(\u001B\[[0-9;]*m)/)) {
    if (part.startsWith("\u001B[")) {
      kept += part;
      sawEscape = true;
      continue;
    }
    for (const character of part) {
      const cells = cellsOf(character);
      if (used + cells > width - 1) return `${kept}…${sawEscape ? "\u001B[0m" : ""}`;
      kept += character;
      used += cells;
    }
  }
  return kept;
}

export function padEnd(text: string, width: number): string {
  const missing = width - displayWidth(text);
  return missing > 0 ? text + " ".repeat(missing) : text;
}

/** `1 container`, `3 containers`. */
export function count(amount: number, noun: string, plural = `${noun}s`): string {
  return `${amount} ${amount === 1 ? noun : plural}`;
}

function cellsOf(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x300) return code < 0x20 || (code >= 0x7f && code < 0xa0) ? 0 : 1;
  if (ZERO_WIDTH.test(character)) return 0;
  return isWide(code) ? 2 : 1;
}

/** Blocks that East Asian Width calls wide, and the emoji blocks. */
function isWide(code: number): boolean {
  return (
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0xa4cf && code !== 0x303f) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0xffe0 && code <= 0xffe6) ||
    (code >= 0x1f300 && code <= 0x1f64f) ||
    (code >= 0x1f680 && code <= 0x1f6ff) ||
    (code >= 0x1f900 && code <= 0x1faff) ||
    (code >= 0x20000 && code <= 0x3fffd)
  );
}
