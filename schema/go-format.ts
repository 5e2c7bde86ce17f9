/** Values as text, the way the format turns numbers and booleans into label and variable values. */
import type { Node, ScalarNode } from "./tree.ts";

/** `1.5`, `1e+06`, `true`, empty for null. */
export function scalarText(node: ScalarNode): string {
  const { value } = node;
  if (value === null) return "";
  if (typeof value === "number" && node.type === "float") return floatText(value);
  return String(value);
}

/** A float in its shortest form, with an exponent below 1e-4 and from 1e6. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "+Inf" : "-Inf";
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  const [mantissa = "", exponentText = "0"] = value.toExponential().split("e");
  const exponent = Number(exponentText);
  if (exponent >= -4 && exponent < 6) return plainDecimal(value);
  const sign = exponent < 0 ? "-" : "+";
  return `${mantissa}e${sign}${String(Math.abs(exponent)).padStart(2, "0")}`;
}

function plainDecimal(value: number): string {
  const text = String(value);
  return text.includes("e") ? value.toFixed(20).replace(/0+$/, "").replace(/\.$/, "") : text;
}

/** A value inside a `key=value` text. */
export function valueText(node: Node): string {
  switch (node.kind) {
    case "scalar":
      return node.value === null ? "<nil>" : scalarText(node);
    case "seq":
      return `[${node.items.map(valueText).join(" ")}]`;
    case "map": {
      const parts = [...node.entries].map(([key, entry]) => `${key}:${valueText(entry.node)}`).sort();
      return `map[${parts.join(" ")}]`;
    }
    default:
      return node satisfies never;
  }
}
