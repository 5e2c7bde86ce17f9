/** The model as YAML text, in block style with two spaces a level. */
import { floatText } from "./go-format.ts";
import type { JsonValue, Stack } from "./model.ts";
import type { Printable } from "./print-json.ts";
import { printableSections, sorted } from "./print-json.ts";
import { compareNames } from "./print-order.ts";
import { resolvePlain } from "./yaml-scalar.ts";

/** The resolved stack as YAML text. `$` is doubled, so that the text can be loaded again. */
export function printStackYaml(stack: Stack): string {
  return printYaml(printableSections(stack, true)).replaceAll("$", "$$$$");
}

/** A document that is not a typed model, as YAML text. */
export function printDocumentYaml(document: JsonValue): string {
  return printYaml(sorted(document, compareNames));
}

export function printYaml(value: Printable): string {
  if (value instanceof Map && value.size > 0) return mapLines(value as ReadonlyMap<string, Printable>, 0);
  if (Array.isArray(value) && value.length > 0) return listLines(value as readonly Printable[], 0);
  return `${inline(value, 0)}\n`;
}

function mapLines(value: ReadonlyMap<string, Printable>, level: number): string {
  let text = "";
  for (const [key, member] of value)
    text += `${pad(level)}${keyText(key, level)}:${behindKey(member, level)}`;
  return text;
}

/** What may stand in front of a colon on one line, quotes and escapes included (YAML 1.2, 7.4.2). */
const LONGEST_KEY = 1000;

function keyText(key: string, level: number): string {
  const text = scalarText(key, undefined);
  return text.length <= LONGEST_KEY ? text : `? ${text}\n${pad(level)}`;
}

function behindKey(member: Printable, level: number): string {
  if (member instanceof Map && member.size > 0)
    return `\n${mapLines(member as ReadonlyMap<string, Printable>, level + 1)}`;
  if (Array.isArray(member) && member.length > 0)
    return `\n${listLines(member as readonly Printable[], level + 1)}`;
  return ` ${inline(member, level + 1)}\n`;
}

function listLines(items: readonly Printable[], level: number): string {
  let text = "";
  for (const item of items) {
    // The first entry of a nested collection stands behind the dash.
    if (item instanceof Map && item.size > 0)
      text += `${pad(level)}- ${mapLines(item as ReadonlyMap<string, Printable>, level + 1).slice((level + 1) * 2)}`;
    else if (Array.isArray(item) && item.length > 0)
      text += `${pad(level)}- ${listLines(item as readonly Printable[], level + 1).slice((level + 1) * 2)}`;
    else text += `${pad(level)}- ${inline(item, level + 1)}\n`;
  }
  return text;
}

function pad(level: number): string {
  return "  ".repeat(level);
}

function inline(value: Printable, level: number): string {
  if (typeof value === "string") return scalarText(value, level);
  if (value === null) return "null";
  if (typeof value === "number") return numberText(value);
  if (typeof value === "boolean") return String(value);
  return Array.isArray(value) ? "[]" : "{}";
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return ".nan";
  if (!Number.isFinite(value)) return value > 0 ? ".inf" : "-.inf";
  return Number.isInteger(value) ? String(value) : floatText(value);
}

/** Words that other YAML versions read as something else than text. */
const OLD_WORDS = /^(?:y|Y|yes|Yes|YES|on|On|ON|n|N|no|No|NO|off|Off|OFF)$/;
const BASE_60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;
/** Starts or contains what has a meaning in YAML outside of quotes. */
const INDICATOR = /^[-?:](?:\s|$)|^[,[\]{}#&*!|>'"%@`]|^(?:---|\.\.\.)(?:\s|$)|:(?:\s|$)|\s#|^\s|\s$/;
/** Needs escapes, so only double quotes do. */
const SPECIAL = /[^\x20-\x7e\u0085\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd]|[\u0085\u2028\u2029\ufeff]/u;

/** `level` is undefined for keys, which stand on one line. */
function scalarText(value: string, level: number | undefined): string {
  if (value.includes("\n") && level !== undefined) {
    const block = blockText(value, level);
    if (block !== undefined) return block;
  }
  if (SPECIAL.test(value)) return doubleQuoted(value);
  if (
    typeof resolvePlain(value).value !== "string" ||
    resolvePlain(value).type ||
    OLD_WORDS.test(value) ||
    BASE_60.test(value) ||
    value === "<<"
  ) {
    return doubleQuoted(value);
  }
  if (INDICATOR.test(value)) return `'${value.replaceAll("'", "''")}'`;
  return value;
}

/** A literal block, where the text can stand in one as it is. */
function blockText(value: string, level: number): string | undefined {
  if (SPECIAL.test(value.replaceAll(/[\n\t]/g, "")) || / \n| $/.test(value)) return undefined;
  const trailing = /\n*$/.exec(value)?.[0].length ?? 0;
  const chomping = trailing === 0 ? "-" : trailing === 1 && value.length > 1 ? "" : "+";
  const indentation = /^[ \n]/.test(value) ? "2" : "";
  const lines = (chomping === "-" ? value : value.slice(0, -1)).split("\n");
  return `|${indentation}${chomping}\n${lines.map((line) => (line === "" ? "" : pad(level) + line)).join("\n")}`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  "\0": "\\0",
  "\x07": "\\a",
  "\b": "\\b",
  "\t": "\\t",
  "\n": "\\n",
  "\v": "\\v",
  "\f": "\\f",
  "\r": "\\r",
  "\x1b": "\\e",
  '"': '\\"',
  "\\": "\\\\",
  "\u0085": "\\N",
  "\u2028": "\\L",
  "\u2029": "\\P",
};

function doubleQuoted(value: string): string {
  let text = "";
  for (const char of value) {
    const known = ESCAPES[char];
    const code = char.codePointAt(0) ?? 0;
    if (known !== undefined) text += known;
    else if (!SPECIAL.test(char)) text += char;
    else if (code < 0x100) text += `\\x${code.toString(16).toUpperCase().padStart(2, "0")}`;
    else if (code < 0x10000) text += `\\u${code.toString(16).toUpperCase().padStart(4, "0")}`;
    else text += `\\U${code.toString(16).toUpperCase().padStart(8, "0")}`;
  }
  return `"${text}"`;
}
