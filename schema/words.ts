/** Plain words for values and types, for messages. */

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  integer: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a mapping",
  null: "nothing",
};

const SHOWN = 40;

/** `text, a list or a mapping`. "Nothing" goes unsaid where something else is possible, and a switch's text is a variable. */
export function typeWords(types: readonly string[]): string {
  const isSwitch = types.length === 2 && types[0] === "boolean" && types[1] === "string";
  const said = isSwitch ? ["boolean"] : types.length > 1 ? types.filter((type) => type !== "null") : types;
  return alternatives(said.map((type) => TYPE_WORDS[type] ?? type));
}

/** `the number 5`, `the text "x"`, `a list`, `nothing`. */
export function valueWords(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  switch (typeof value) {
    case "string":
      return value === "" ? "an empty text" : `the text ${quote(value)}`;
    case "number":
    case "bigint":
      return `the number ${value}`;
    case "boolean":
      return String(value);
    case "symbol":
      return `the date ${value.description}`;
    default:
      return "a mapping";
  }
}

/** The text in double quotes, on one line, cut where it is long. */
export function quote(text: string): string {
  const shown = text.length > SHOWN ? `${text.slice(0, SHOWN)}...` : text;
  return JSON.stringify(shown);
}

/** `a, b or c`. */
export function alternatives(words: readonly string[]): string {
  if (words.length < 2) return words[0] ?? "";
  return `${words.slice(0, -1).join(", ")} or ${words[words.length - 1]}`;
}
