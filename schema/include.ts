/** `include`: other stacks as part of this one, each with its own directory and env files (specification: include). */
import { posix } from "node:path";
import type { SourceRange } from "./diagnostic.ts";
import type { Level } from "./level.ts";
import { lookupIn, readEnvFiles, addMissing } from "./environment.ts";
import { completeLevel } from "./complete-level.ts";
import { mergeResource } from "./merge.ts";
import { isAbsolute, joinPath, relativeDirectory } from "./posix-path.ts";
import { isRemoteResource, reportRemote } from "./remote.ts";
import { emptyRecord } from "./shape.ts";
import type { MapEntry, MapNode, Node } from "./tree.ts";
import { child, isNull, map, sameValue, text, toPlain, withChild, withoutChild } from "./tree.ts";
import { valueWords } from "./words.ts";

const SECTIONS = ["services", "volumes", "networks", "secrets", "configs", "models"];

interface Include {
  readonly at: SourceRange;
  readonly paths: readonly { readonly path: string; readonly at: SourceRange }[];
  readonly projectDirectory: string | undefined;
  readonly envFiles: readonly { readonly path: string; readonly at: SourceRange }[];
}

/** The document with everything that it includes, and without `include`. */
export function applyIncludes(root: MapNode, file: string, level: Level): MapNode {
  const node = child(root, "include");
  if (!node) return root;
  let result = withoutChild(root, "include");
  if (isNull(node)) return result;
  if (node.kind !== "seq") {
    level.context.report({
      code: "wrong-type",
      message: '"include" must be a list',
      path: "include",
      range: node.at,
    });
    return result;
  }
  for (const item of node.items) {
    const include = readInclude(item, level);
    if (!include) continue;
    const imported = loadInclude(include, file, level);
    if (imported) result = importResources(result, imported, include, level);
  }
  return result;
}

function readInclude(node: Node, level: Level): Include | undefined {
  const short = text(node);
  if (short !== undefined)
    return { at: node.at, paths: [{ path: short, at: node.at }], projectDirectory: undefined, envFiles: [] };
  if (node.kind !== "map" && !isNull(node))
    return wrongType("an include entry", "a path or a mapping", node, level);
  const paths = readPaths(node, "path", level);
  const envFiles = readPaths(node, "env_file", level);
  if (!paths || !envFiles) return undefined;
  const directory = child(node, "project_directory");
  if (directory && directory.kind !== "scalar")
    return wrongType('"project_directory" of an include', "a path", directory, level);
  if (paths.length === 0) {
    const message = "an include entry without a path includes nothing";
    level.context.report({
      severity: "warning",
      code: "missing-key",
      message,
      path: "include",
      range: node.at,
      hint: "add path:",
    });
    return undefined;
  }
  return {
    at: node.at,
    paths,
    projectDirectory: text(directory),
    envFiles,
  };
}

/** One path or a list of them; `undefined` where it is something else, which is reported. */
function readPaths(entry: Node, key: string, level: Level): { path: string; at: SourceRange }[] | undefined {
  const node = child(entry, key);
  if (!node || isNull(node)) return [];
  const result: { path: string; at: SourceRange }[] = [];
  for (const item of node.kind === "seq" ? node.items : [node]) {
    const path = text(item);
    if (path === undefined)
      return wrongType(`"${key}" of an include`, "a path or a list of paths", item, level);
    result.push({ path, at: item.at });
  }
  return result;
}

function wrongType(what: string, expected: string, node: Node, level: Level): undefined {
  const message = `${what}: expected ${expected}, found ${valueWords(toPlain(node))}`;
  level.context.report({ code: "wrong-type", message, path: "include", range: node.at });
  return undefined;
}

function loadInclude(include: Include, file: string, level: Level): MapNode | undefined {
  const { context } = level;
  const remote = include.paths.find(({ path }) => isRemoteResource(path));
  if (remote) return reportRemote(remote.path, remote.at, context);
  const paths = include.paths.map(({ path }) => absolute(path, level.directory));
  const [main] = paths;
  if (main === undefined) return undefined;
  const chain = [...level.chain, { file, range: include.at }];
  const first = chain.findIndex((step) => step.file === main);
  if (first !== -1) {
    const files = [...chain.slice(first).map((step) => step.file), main].filter(
      (name, i, all) => name !== all[i - 1],
    );
    const circle = files.map((name) => posix.relative(context.options.cwd, name)).join(" -> ");
    context.report({
      code: "include-cycle",
      message:
        files.length === 1 ? "this file includes itself" : `files include each other in a circle: ${circle}`,
      range: include.at,
      related: chain
        .slice(first, -1)
        .flatMap((step) => (step.range ? [{ message: "included here", range: step.range }] : [])),
    });
    return undefined;
  }
  const directory = projectDirectory(include, main, level);
  const environment = includeEnvironment(include, directory, level);
  const inner: Level = { ...level, environment, lookup: lookupIn(environment), directory, chain };
  for (const path of paths) context.noteOrigin(path, "included here", include.at);
  const loaded = level.loadFiles(paths, inner, include.at);
  const base = pathBase(include, directory, level);
  return loaded && completeLevel(loaded, base, environment, true, context);
}

/** What relative paths of an include are relative to: where its directory does not exist, the folder that it would be in. */
function pathBase(include: Include, directory: string, level: Level): string {
  const { projectDirectory } = include;
  if (projectDirectory !== undefined && isAbsolute(projectDirectory)) return directory;
  const isMissing = Boolean(projectDirectory) && level.context.options.files.stat(directory) !== "directory";
  return relativeDirectory(level.directory, isMissing ? posix.dirname(directory) : directory);
}

function absolute(path: string, directory: string): string {
  return isAbsolute(path) ? joinPath(path, ".") : joinPath(directory, path);
}

function projectDirectory(include: Include, main: string, level: Level): string {
  const { projectDirectory } = include;
  return projectDirectory ? absolute(projectDirectory, level.directory) : posix.dirname(main);
}

/** The including level's variables win over those of the include's env files. */
function includeEnvironment(include: Include, directory: string, level: Level): Record<string, string> {
  const { context } = level;
  let files: string[] = [];
  if (include.envFiles.length === 0) {
    const path = joinPath(directory, ".env");
    if (context.options.files.stat(path) === "file") files = [path];
  } else {
    for (const { path, at } of include.envFiles) {
      const full = absolute(path, level.directory);
      // The null device says: no env file at all.
      if (full === "/dev/null") continue;
      if (context.options.files.stat(full) === "file" || context.options.files.stat(full) === "other")
        files.push(full);
      else context.report({ code: "env-file-not-found", message: `env file not found: ${full}`, range: at });
    }
  }
  const environment = Object.assign(emptyRecord<string>(), level.environment);
  addMissing(environment, readEnvFiles(files, level.environment, context));
  return environment;
}

/** Definitions of this file override included ones of the same name. */
function importResources(target: MapNode, imported: MapNode, include: Include, level: Level): MapNode {
  let result = target;
  for (const section of SECTIONS) {
    const from = child(imported, section);
    if (from?.kind !== "map") continue;
    const to = child(result, section);
    if (to && to.kind !== "map") continue;
    const entries = new Map<string, MapEntry>(to?.entries);
    for (const [name, entry] of from.entries) {
      const existing = entries.get(name);
      if (!existing) entries.set(name, entry);
      else if (!sameValue(existing.node, entry.node)) {
        warnConflict(section, name, existing, entry, include, level);
        entries.set(name, {
          keyAt: existing.keyAt,
          node: mergeResource(entry.node, existing.node, section, name, level.context),
        });
      }
    }
    result = withChild(result, section, map(entries, to?.at ?? from.at));
  }
  return result;
}

function warnConflict(
  section: string,
  name: string,
  own: MapEntry,
  included: MapEntry,
  include: Include,
  level: Level,
): void {
  level.context.report({
    severity: "warning",
    code: "include-conflict",
    message: `${section}.${name} is also defined by an included file; this definition is merged over it`,
    path: `${section}.${name}`,
    range: own.keyAt,
    related: [
      { message: "the included definition", range: included.keyAt },
      { message: "included here", range: include.at },
    ],
  });
}
