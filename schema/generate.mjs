/**
 * Build step: bundles `parts/` into `stack.schema.json` (committed, for editors) and compiles it to a validator that
 * needs no schema compiler at run time (`generated/`, not committed).
 *
 * Parts are JSON Schema with one shorthand: `"extensible": true` closes an object to unknown keys, `x-*` excepted.
 * `parts/stack.json` is the root, `parts/definitions/*.json` hold definitions by name, and `parts/service/*.json`
 * hold groups of service attributes that together make the definition `service`.
 */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import standaloneCode from "ajv/dist/standalone/index.js";

const here = fileURLToPath(new URL(".", import.meta.url));
const GENERATED_NOTE = "// Made by schema/generate.mjs from schema/parts. Do not edit.\n";

const schema = bundle();
writeIfChanged(`${here}stack.schema.json`, `${printSchema(schema)}\n`);
const lean = forValidation(schema);
emit("validator.js", GENERATED_NOTE + compile(lean));
emit(
  "validator.d.ts",
  `${GENERATED_NOTE}import type { SchemaError } from "../schema-error.ts";\n\nexport declare const validate: { (value: unknown): boolean; errors?: readonly SchemaError[] | null };\n`,
);
emit("outline.js", `${GENERATED_NOTE}export const outlineText = ${JSON.stringify(JSON.stringify(lean))};\n`);
emit(
  "outline.d.ts",
  `${GENERATED_NOTE}/** The schema without descriptions, as JSON text. */\nexport declare const outlineText: string;\n`,
);

function bundle() {
  const root = readPart("stack.json");
  const definitions = {
    service: {
      type: "object",
      description: "One service: which image runs, and how.",
      properties: readFolder("service"),
      extensible: true,
    },
    ...readFolder("definitions"),
  };
  return expand({ ...root, definitions });
}

function readFolder(folder) {
  const all = {};
  for (const name of readdirSync(`${here}parts/${folder}`).sort()) {
    for (const [key, value] of Object.entries(readPart(`${folder}/${name}`))) {
      if (key in all) throw new Error(`parts/${folder}/${name}: "${key}" is defined twice`);
      all[key] = value;
    }
  }
  return all;
}

function readPart(name) {
  return JSON.parse(readFileSync(`${here}parts/${name}`, "utf8"));
}

/** Writes the `extensible` shorthand out. */
function expand(value) {
  if (Array.isArray(value)) return value.map(expand);
  if (value === null || typeof value !== "object") return value;
  const out = {};
  for (const [key, inner] of Object.entries(value)) {
    if (key === "extensible" && inner === true) {
      out.patternProperties = { ...out.patternProperties, "^x-": {} };
      out.additionalProperties = false;
    } else {
      out[key] = expand(inner);
    }
  }
  return out;
}

/**
 * The schema as the validator needs it: without texts for people, and without `uniqueItems` on lists of mappings,
 * where equality is quadratic and the merge has made items unique already.
 */
function forValidation(value) {
  if (Array.isArray(value)) return value.map(forValidation);
  if (value === null || typeof value !== "object") return value;
  const out = {};
  for (const [key, inner] of Object.entries(value)) {
    const text = typeof inner === "string" && (key === "description" || key === "title");
    if (text || key === "examples" || key === "default" || key === "deprecated") continue;
    if (key === "uniqueItems" && !isScalarList(value)) continue;
    out[key] = forValidation(inner);
  }
  return out;
}

function isScalarList(list) {
  const types = [list.items?.type ?? "object"].flat();
  return types.every((type) => type !== "object" && type !== "array");
}

function compile(leanSchema) {
  const ajv = new Ajv({
    allErrors: true,
    strictTypes: false,
    strictRequired: false,
    strictNumbers: false,
    messages: false,
    inlineRefs: false,
    code: { source: true, esm: true, lines: false, optimize: 2 },
  });
  const code = standaloneCode(ajv, ajv.compile(leanSchema)).replace(/export default validate\d+;/, "");
  const inlined = code.replace(
    /require\("ajv\/dist\/runtime\/equal"\)\.default/g,
    "(a, b) => JSON.stringify(a) === JSON.stringify(b)",
  );
  const bounded = boundErrors(inlined);
  if (bounded.includes("require(")) throw new Error("the validator would need a module at run time");
  return bounded;
}

/**
 * Nobody reads the ten thousandth error of one file, and joining lists of them, as the generated code does, takes
 * quadratic time. Counts of errors may be too low then, but never fall to none.
 */
function boundErrors(code) {
  const helper = `const MOST_ERRORS = 1000;
const append = (all, more) => { for (const error of more) if (all.length < MOST_ERRORS) all.push(error); return all; };
`;
  return (
    helper +
    code
      .replace(/vErrors\.concat\((validate\d+\.errors)\)/g, "append(vErrors, $1)")
      .replace(
        /else \{vErrors\.push\((err\d+)\);\}/g,
        "else if(vErrors.length < MOST_ERRORS){vErrors.push($1);}",
      )
      .replace(/vErrors\.length = (_errs\d+)/g, "vErrors.length = Math.min(vErrors.length, $1)")
  );
}

/** One line for what fits into 120 columns, so that the bundle stays readable and its diffs small. */
function printSchema(value, indent = "") {
  const flat = JSON.stringify(value);
  if (
    value === null ||
    typeof value !== "object" ||
    (flat.length + indent.length < 100 && flat.split("{").length < 3)
  ) {
    return flat.replaceAll('":', '": ').replaceAll(',"', ', "');
  }
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    return `[\n${value.map((item) => inner + printSchema(item, inner)).join(",\n")}\n${indent}]`;
  }
  const lines = Object.entries(value).map(
    ([key, item]) => `${inner}${JSON.stringify(key)}: ${printSchema(item, inner)}`,
  );
  return `{\n${lines.join(",\n")}\n${indent}}`;
}

/** Into the source tree, for tests, and into the build output, where the compiler does not copy it. */
function emit(name, text) {
  for (const folder of [`${here}generated/`, `${here}../dist/schema/generated/`]) {
    mkdirSync(folder, { recursive: true });
    writeIfChanged(folder + name, text);
  }
}

function writeIfChanged(path, text) {
  try {
    if (readFileSync(path, "utf8") === text) return;
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
  }
  writeFileSync(path, text);
}
