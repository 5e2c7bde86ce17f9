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

/** `{{.Field}}`, `{{json .}}`, `{{json .Field}}`, `{{upper .Field}}`, `{{lower .Field}}` between literal text. */
export function compileTemplate(template: string): (row: object) => string {
  const parts = unescapeTemplate(template).split(/(\{\{.*?\}\})/);
  const compiled = parts.map((part): ((row: object) => string) => {
    if (!part.startsWith("{{")) return () => part;
    const match = /^\{\{-?\s*(?:(json|upper|lower)\s+)?\.(\w*)\s*-?\}\}$/.exec(part);
    if (match === null) {
      throw new UsageError(`the format template has an action that is not known: ${part}`, {
        hint: "use {{.Field}}, {{json .}}, {{json .Field}}, {{upper .Field}} or {{lower .Field}}",
      });
    }
    return (row) => applyAction(match[1], match[2] ?? "", row);
  });
  return (row) => compiled.map((piece) => piece(row)).join("");
}

function applyAction(action: string | undefined, field: string, row: object): string {
  if (field !== "" && !Object.hasOwn(row, field)) {
    throw new UsageError(`the format template asks for a field that is not there: .${field}`, {
      hint: `fields are ${Object.keys(row).join(", ")}`,
    });
  }
  const value: unknown = field === "" ? row : (row as Record<string, unknown>)[field];
  if (action === "json") return JSON.stringify(value);
  const text = typeof value === "string" ? value : JSON.stringify(value);
  if (action === "upper") return text.toUpperCase();
  return action === "lower" ? text.toLowerCase() : text;
}

function unescapeTemplate(template: string): string {
  return template.replaceAll("\\t", "\t").replaceAll("\\n", "\n");
}
