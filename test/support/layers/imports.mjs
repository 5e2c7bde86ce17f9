/** Every module that a source text names: static, dynamic, re-exported, `import("x").Type`, `require("x")`. */
import { parseSync } from "oxc-parser";

/**
 * @param {string} file name, for the language
 * @param {string} text
 * @returns {{specifier: string, line: number, names: string[]}[]} in the order of the text
 */
export function listImports(file, text) {
  const { program, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0].message}`);
  const found = [];
  visit(program, (node) => {
    const source = sourceOf(node);
    if (source !== undefined)
      found.push({ specifier: source.value, line: lineAt(text, source.start), names: namesOf(node) });
  });
  return found.toSorted((a, b) => a.line - b.line);
}

function sourceOf(node) {
  switch (node.type) {
    case "ImportDeclaration":
    case "ExportAllDeclaration":
    case "ExportNamedDeclaration":
    case "ImportExpression":
    case "TSImportType":
      return literal(node.source ?? node.argument);
    case "TSExternalModuleReference":
      return literal(node.expression);
    case "CallExpression":
      return node.callee.type === "Identifier" && node.callee.name === "require"
        ? literal(node.arguments[0])
        : undefined;
    default:
      return undefined;
  }
}

/** `*` and defaults count as the name "default": what they are used for is not known here. */
function namesOf(node) {
  return (node.specifiers ?? []).map((specifier) => specifier.imported?.name ?? "default");
}

function literal(node) {
  if (node?.type === "TSLiteralType") return literal(node.literal);
  return node?.type === "Literal" && typeof node.value === "string" ? node : undefined;
}

function visit(node, onNode) {
  if (Array.isArray(node)) {
    for (const item of node) visit(item, onNode);
    return;
  }
  if (node === null || typeof node !== "object") return;
  if (typeof node.type === "string") onNode(node);
  for (const [key, value] of Object.entries(node)) {
    if (key !== "parent" && value !== null && typeof value === "object") visit(value, onNode);
  }
}

function lineAt(text, offset) {
  let line = 1;
  for (let at = text.indexOf("\n"); at !== -1 && at < offset; at = text.indexOf("\n", at + 1)) line += 1;
  return line;
}
