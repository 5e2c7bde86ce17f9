/** Which files make the stack, and the directory that its paths are relative to (specification: file discovery). */
import type { LoadContext } from "./context.ts";
import type { StringMap } from "./model.ts";
import {
  addMissing,
  defaultEnvFiles,
  namedEnvFiles,
  processEnvironment,
  readEnvFiles,
} from "./environment.ts";
import { isAbsolute, joinPath } from "./posix-path.ts";
import { delimiter, posix } from "node:path";

export const STACK_FILE_NAMES = [
  "compose.yaml",
  "compose.yml",
  "docker-compose.yml",
  "docker-compose.yaml",
] as const;
export const OVERRIDE_FILE_NAMES = [
  "compose.override.yml",
  "compose.override.yaml",
  "docker-compose.override.yml",
  "docker-compose.override.yaml",
] as const;

export interface Discovery {
  readonly configFiles: readonly string[];
  readonly workingDir: string;
  readonly environment: Record<string, string>;
  /** Env files named explicitly. */
  readonly environmentFiles: readonly string[];
}

export function discover(context: LoadContext): Discovery {
  const { options } = context;
  const environment = processEnvironment(context);
  const environmentFiles = namedEnvFiles(context);
  let configFiles = (options.configFiles ?? []).map((path) => absoluteFile(path, options.cwd));

  // Variables of the first directory's .env may name the files; the directory they are in may have one of its own.
  const readFrom = (directory: string): void => {
    const paths = environmentFiles.length > 0 ? environmentFiles : defaultEnvFiles(directory, context);
    addMissing(environment, readEnvFiles(paths, environment, context));
  };
  const before = workingDirectory(configFiles, context);
  readFrom(before);
  if (configFiles.length === 0) configFiles = filesFromEnvironment(environment, context);
  if (configFiles.length === 0) configFiles = findFiles(before, context);
  const workingDir = workingDirectory(configFiles, context);
  if (workingDir !== before) readFrom(workingDir);
  return { configFiles, workingDir, environment, environmentFiles };
}

function absoluteFile(path: string, base: string): string {
  return path === "-" || isAbsolute(path) ? path : joinPath(base, path);
}

function workingDirectory(configFiles: readonly string[], context: LoadContext): string {
  const { projectDirectory, cwd } = context.options;
  if (projectDirectory !== undefined && projectDirectory !== "") {
    return isAbsolute(projectDirectory) ? joinPath(projectDirectory, ".") : joinPath(cwd, projectDirectory);
  }
  const first = configFiles.find((path) => path !== "-");
  return first === undefined ? cwd : posix.dirname(first);
}

function filesFromEnvironment(environment: StringMap, context: LoadContext): string[] {
  const value = environment["COMPOSE_FILE"];
  if (value === undefined) return [];
  const separator = environment["COMPOSE_PATH_SEPARATOR"] || delimiter;
  return value.split(separator).map((path) => absoluteFile(path, context.options.cwd));
}

/** The first directory upwards that holds a stack file, and the override file beside it. */
function findFiles(from: string, context: LoadContext): string[] {
  for (let directory = from; ; directory = posix.dirname(directory)) {
    const found = existing(directory, STACK_FILE_NAMES, context);
    const first = found[0];
    if (first !== undefined) {
      warnSeveral("stack", found, context);
      const overrides = existing(directory, OVERRIDE_FILE_NAMES, context);
      warnSeveral("override", overrides, context);
      return overrides[0] === undefined ? [first] : [first, overrides[0]];
    }
    if (posix.dirname(directory) === directory) return [];
  }
}

function existing(directory: string, names: readonly string[], context: LoadContext): string[] {
  return names
    .map((name) => joinPath(directory, name))
    .filter((path) => context.options.files.stat(path) !== "missing");
}

function warnSeveral(kind: string, found: readonly string[], context: LoadContext): void {
  if (found.length < 2) return;
  context.report({
    severity: "warning",
    code: "several-stack-files",
    message: `several ${kind} files stand in one directory: ${found.join(", ")}; using ${found[0] ?? ""}`,
    hint: "name the file with -f, or remove the others",
  });
}
