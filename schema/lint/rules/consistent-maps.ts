import { isMap, isScalar, isSeq, type Scalar, type YAMLSeq } from "yaml";
import { resolvePlain } from "../../yaml-scalar.ts";
import { entryAt, rangeOf, servicesOf, type LintFile } from "../lint-file.ts";
import type { LintRule, TextEdit } from "../rule.ts";

const ATTRIBUTES = ["environment", "labels"];

export const consistentMaps: LintRule = {
  code: "consistent-maps",
  severity: "info",
  summary: '"environment" and "labels" are mappings where others in the file are.',
  explanation:
    'Both can be written as a mapping ("NAME: value") or as a list ("- NAME=value"). A file that mixes the two is harder to read and to merge. The mapping also lets YAML find a name that is given twice.',
  fixable: true,
  *checkFile(file) {
    for (const attribute of ATTRIBUTES) {
      const values = [...servicesOf(file)].map(({ name, value }) => ({
        name,
        entry: entryAt(value, attribute),
      }));
      if (!values.some(({ entry }) => isMap(entry?.value))) continue;
      for (const { name, entry } of values) {
        const node = entry?.value;
        if (entry === undefined || !isSeq(node)) continue;
        const fix = toMapping(file, node, columnOf(file, rangeOf(file, entry.key).start));
        yield {
          message: `"${attribute}" of service "${name}" is a list, while the file writes mappings elsewhere`,
          range: rangeOf(file, node),
          path: `services.${name}.${attribute}`,
          hint: 'write "NAME: value" lines',
          ...(fix === undefined ? {} : { fix }),
        };
      }
    }
  },
};

/** Edits from `- NAME=value` lines to `NAME: value` lines, or undefined where that is not safe. */
function toMapping(file: LintFile, list: YAMLSeq, keyColumn: number): TextEdit[] | undefined {
  if (list.flow === true || list.anchor !== undefined || list.tag !== undefined || list.items.length === 0)
    return undefined;
  const edits: TextEdit[] = [];
  const names = new Set<string>();
  for (const item of list.items) {
    if (!isSimple(item)) return undefined;
    const [name, value] = splitPair(item.value);
    if (name === "" || names.has(name)) return undefined;
    names.add(name);
    const text = value === undefined ? `${keyText(name)}:` : `${keyText(name)}: ${valueText(value)}`;
    const edit = itemEdit(file, item, text, keyColumn);
    if (edit === undefined) return undefined;
    edits.push(edit);
  }
  return edits;
}

function isSimple(item: unknown): item is Scalar<string> {
  if (!isScalar(item) || typeof item.value !== "string") return false;
  const isOneLine = item.type === "PLAIN" || item.type === "QUOTE_DOUBLE" || item.type === "QUOTE_SINGLE";
  return isOneLine && item.anchor === undefined && !item.value.includes("\n");
}

function splitPair(text: string): [string, string | undefined] {
  const at = text.indexOf("=");
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/**
 * Replaces the dash, the space behind it, and the item. Comments behind the item stay where they are. Items of a list
 * may stand as far left as its key; keys of a mapping may not.
 */
function itemEdit(
  file: LintFile,
  item: Scalar<string>,
  text: string,
  keyColumn: number,
): TextEdit | undefined {
  const { start, end } = rangeOf(file, item);
  const lead = /- *$/.exec(file.source.text.slice(Math.max(0, start - 100), start));
  if (lead === null || file.source.text.slice(start, end).includes("\n")) return undefined;
  const dash = start - lead[0].length;
  const indent = columnOf(file, dash) <= keyColumn ? "  " : "";
  return { file: file.source.path, start: dash, end, text: indent + text };
}

function columnOf(file: LintFile, offset: number): number {
  return offset - (file.source.text.lastIndexOf("\n", offset - 1) + 1);
}

function keyText(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_./-]*$/.test(name) && !isSpecial(name) ? name : JSON.stringify(name);
}

/** Without quotes only where no YAML reader could take it for anything but text. */
function valueText(value: string): string {
  const isSafe = /^[A-Za-z0-9_./$][A-Za-z0-9_./${}@?=+-]*$/.test(value);
  return isSafe && !isSpecial(value) ? value : JSON.stringify(value);
}

function isSpecial(text: string): boolean {
  const { value, type } = resolvePlain(text);
  return typeof value !== "string" || type !== undefined || /^(y|n|yes|no|on|off|[-+.0-9].*)$/i.test(text);
}
