/**
 * Which folder may import what. Layers: `cli -> engine -> schema`, never back, type imports included.
 * `examples/` and `test/` may import everything and are imported by nothing.
 */

/** Layer -> layers it may import. */
const LAYERS = {
  schema: ["schema"],
  engine: ["engine", "schema"],
  cli: ["cli", "engine", "schema"],
};

/** Modules -> the folders that alone may import them. A package's sub-paths count as the package. */
const OWNERS = [
  { modules: ["commander", "listr2"], folders: ["cli/"] },
  { modules: ["chokidar"], folders: ["engine/watch/"] },
  { modules: ["yaml", "ajv"], folders: ["schema/"] },
  { modules: ["node:net", "node:tls", "node:http", "node:https", "node:dgram"], folders: ["engine/docker/"] },
  { modules: ["node:child_process", "node:cluster"], folders: ["engine/docker/", "engine/providers/"] },
  { modules: ["node:http2"], folders: ["engine/docker/", "engine/build/"] },
  {
    modules: [
      "node:process",
      "node:console",
      "node:readline",
      "node:readline/promises",
      "node:tty",
      "node:repl",
    ],
    folders: ["cli/"],
  },
];

/** Names that touch nothing outside the process: free for everybody. */
const PURE = new Set(["isIP", "isIPv4", "isIPv6"]);

/**
 * @param {string} file importing file, relative to the root, with forward slashes
 * @param {string} target imported file (relative to the root) or module name (`commander`, `node:net`)
 * @param {boolean} isFile whether `target` is a file of the project
 * @param {readonly string[]} names imported names, as far as the text says
 * @returns {string | undefined} what is wrong
 */
export function judgeImport(file, target, isFile, names) {
  const layer = file.split("/", 1)[0];
  const allowed = LAYERS[layer];
  if (allowed === undefined) return undefined;
  if (isFile) {
    const to = target.split("/", 1)[0];
    return allowed.includes(to)
      ? undefined
      : `${layer}/ may not import from ${target.includes("/") ? `${to}/` : target}`;
  }
  if (names.length > 0 && names.every((name) => PURE.has(name))) return undefined;
  const module = target.startsWith("node:") ? target : packageName(target);
  for (const { modules, folders } of OWNERS) {
    if (!modules.includes(module) || folders.some((folder) => file.startsWith(folder))) continue;
    return `only ${folders.join(", ")} may import ${module}`;
  }
  return undefined;
}

function packageName(specifier) {
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}
