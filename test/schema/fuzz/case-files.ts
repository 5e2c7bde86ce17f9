/** Folders of stack files, each held in memory with everything beside it. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

export interface StackFolder {
  readonly name: string;
  /** Texts by path, relative to the folder. */
  readonly files: ReadonlyMap<string, string>;
  /** Files named with -f, relative to the folder; none where they are found by name. */
  readonly configFiles: readonly string[];
}

const MAX_FILE = 100_000;

/** Every folder below `root` that is one stack. */
export function readStackFolders(root: string): StackFolder[] {
  return readdirSync(root)
    .filter((name) => statSync(join(root, name)).isDirectory())
    .map((name) => readStackFolder(root, name))
    .filter((folder) => [...folder.files.keys()].some(isYaml));
}

export function isYaml(path: string): boolean {
  return /\.ya?ml$/.test(path);
}

function readStackFolder(root: string, name: string): StackFolder {
  const folder = join(root, name);
  const files = new Map<string, string>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const near = path.slice(folder.length + 1);
    if (!entry.isFile() || /^(?:golden\.|case\.json$)/.test(near) || statSync(path).size > MAX_FILE) continue;
    files.set(near, readFileSync(path, "utf8"));
  }
  return { name, files, configFiles: namedFiles(join(folder, "case.json"), files) };
}

function namedFiles(caseFile: string, files: ReadonlyMap<string, string>): string[] {
  let args: string[] = [];
  try {
    ({ args } = JSON.parse(readFileSync(caseFile, "utf8")) as { args: string[] });
  } catch {
    // A folder without a description is found by its file names.
  }
  return args.flatMap((arg, i) => (args[i - 1] === "-f" && files.has(arg) ? [arg] : []));
}
