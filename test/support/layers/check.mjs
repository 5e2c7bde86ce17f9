/** Checks the layer rule over a tree of sources: `node test/support/layers/check.mjs [ROOT]`. */
import { readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join, posix, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { listImports } from "./imports.mjs";
import { judgeImport } from "./rules.mjs";

const LAYER_FOLDERS = ["schema", "engine", "cli"];

/**
 * @param {string} root
 * @returns {{files: number, imports: number, problems: string[]}} problems as `file:line: text`
 */
export function checkLayers(root) {
  let files = 0;
  let imports = 0;
  const problems = [];
  for (const file of LAYER_FOLDERS.flatMap((folder) => listSources(root, folder))) {
    files += 1;
    for (const { specifier, line, names } of listImports(file, readFileSync(join(root, file), "utf8"))) {
      imports += 1;
      const { target, isFile } = resolveSpecifier(file, specifier);
      const problem = judgeImport(file, target, isFile, names);
      if (problem !== undefined) problems.push(`${file}:${line}: ${problem} ("${specifier}")`);
    }
  }
  return { files, imports, problems };
}

function listSources(root, folder) {
  let entries;
  try {
    entries = readdirSync(join(root, folder), { withFileTypes: true, recursive: true });
  } catch (error) {
    if (error.code === "ENOENT") return [];
    throw error;
  }
  return entries
    .filter((entry) => entry.isFile() && /\.[cm]?[jt]s$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .filter((file) => !file.startsWith("schema/generated/"))
    .toSorted();
}

function resolveSpecifier(file, specifier) {
  if (specifier.startsWith(".") || specifier.startsWith("/")) {
    return { target: posix.normalize(posix.join(posix.dirname(file), specifier)), isFile: true };
  }
  const bare = builtinModules.includes(specifier) && !specifier.startsWith("node:");
  return { target: bare ? `node:${specifier}` : specifier, isFile: false };
}

function main() {
  const root = resolve(process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), "../../.."));
  const { files, imports, problems } = checkLayers(root);
  for (const problem of problems) console.error(problem);
  if (files === 0) problems.push("no sources found");
  console.log(`layers: ${files} files, ${imports} imports, ${problems.length} problems`);
  if (problems.length > 0) process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
