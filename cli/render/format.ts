/** The `--format` of listing commands: a table, JSON, or a template with the rows' field names. */
import { UsageError } from "../../engine/error.ts";
import { renderTable, type Column } from "./table.ts";

export interface FormatOptions<Row> {
  /** Value of `--format`; empty: the table. */
  readonly format: string;
  readonly columns: readonly Column<Row>[];
  /** JSON as one array, or one object a line. */
  readonly json: "array" | "lines";
  readonly width?: number | undefined;
}

export function renderRows<Row extends object>(rows: readonly Row[], options: FormatOptions<Row>): string {
  const { format } = options;
  if (format === "" || format === "table" || format === "pretty") {
    return renderTable(options.columns, rows, { width: options.width });
  }
  if (format === "json") {
    if (options.json === "array") return `${JSON.stringify(rows)}\n`;
    return rows.map((row) => `${JSON.stringify(row)}\n`).join("");
  }
  if (format.startsWith("table ")) return renderTemplateTable(rows, format.slice(6));
  const render = compileTemplate(format);
  return rows.map((row) => `${render(row)}\n`).join("");
}

/** `table {{.Name}}\t{{.Service}}`: titles are the field names in capitals. */
function renderTemplateTable(rows: readonly object[], template: string): string {
  const columns = unescapeTemplate(template)
    .split("\t")
    .map((cell): Column<object> => {
      const title = /\.(\w+)/.exec(cell)?.[1] ?? cell;
      return { title: title.toUpperCase(), value: compileTemplate(cell) };
    });
  return renderTable(columns, rows);
}

/**
 * Literal text around actions: `{{.Field}}`, `{{json .}}`, `{{.Label "name"}}`, and functions before a field or behind a
 * bar (`{{upper .Name}}`, `{{.Name | truncate 8}}`).
 */
export function compileTemplate(template: string): (row: object) => string {
  const parts = unescapeTemplate(template).split(/(\{\{.*?\}\})/);
  const compiled = parts.map((part) => (part.startsWith("{{") ? compileAction(part) : () => part));
  return (row) => compiled.map((piece) => piece(row)).join("");
}

const FIRST = /^(?:(json|upper|lower|title)\s+|truncate\s+(?=\.\w+\s+\d))?\.(\w*)(?:\s+"([^"]*)"|\s+(\d+))?$/;
const BEHIND = /^(json|upper|lower|title|truncate)(?:\s+(\d+))?$/;

function compileAction(part: string): (row: object) => string {
  const [first = "", ...behind] = part.replaceAll(/^\{\{-?\s*|\s*-?\}\}$/g, "").split(/\s*\|\s*/);
  const match = FIRST.exec(first);
  const steps = behind.map((step) => BEHIND.exec(step));
  if (match === null || steps.includes(null)) {
    throw new UsageError(`the format template has an action that is not known: ${part}`, {
      hint: 'use {{.Field}}, {{json .}}, {{.Label "name"}}, {{upper .Field}}, {{.Field | truncate 8}}',
    });
  }
  const [, action, field = "", argument, length] = match;
  return (row) => {
    const value = field === "Label" && argument !== undefined ? labelOf(row, argument) : fieldOf(row, field);
    const cut = length === undefined ? value : apply("truncate", value, length);
    const text = steps.reduce<unknown>((so, step) => apply(step?.[1], so, step?.[2]), apply(action, cut));
    return typeof text === "string" ? text : JSON.stringify(text);
  };
}

function apply(action: string | undefined, value: unknown, argument?: string): unknown {
  if (action === undefined) return value;
  if (action === "json") return JSON.stringify(value);
  const text = typeof value === "string" ? value : JSON.stringify(value);
  if (action === "upper") return text.toUpperCase();
  if (action === "lower") return text.toLowerCase();
  if (action === "title") return text.replaceAll(/(^|\s)\S/g, (letter) => letter.toUpperCase());
  return text.slice(0, Number(argument ?? text.length));
}

/** Of `Labels`, which is a text `a=b,c=d` (values may have commas); absent labels are empty. */
function labelOf(row: object, name: string): string {
  const labels = String(fieldOf(row, "Labels")).split(/,(?=[\w./-]+=)/);
  return labels.find((label) => label.startsWith(`${name}=`))?.slice(name.length + 1) ?? "";
}

function fieldOf(row: object, field: string): unknown {
  if (field !== "" && !Object.hasOwn(row, field)) {
    throw new UsageError(`the format template asks for a field that is not there: .${field}`, {
      hint: `fields are ${Object.keys(row).join(", ")}`,
    });
  }
  return field === "" ? row : (row as Record<string, unknown>)[field];
}

function unescapeTemplate(template: string): string {
  return template.replaceAll("\\t", "\t").replaceAll("\\n", "\n");
}
