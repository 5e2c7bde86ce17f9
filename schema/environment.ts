/** Variables that interpolation sees: the process environment over env files (specification: interpolation). */
import type { LoadContext } from "./context.ts";
import { readFailure } from "./context.ts";
import { parseEnvFile } from "./env-file.ts";
import type { StringMap } from "./model.ts";
import { expandHome, isAbsolute, joinPath } from "./posix-path.ts";
import type { Lookup } from "./template.ts";
import { emptyRecord } from "./shape.ts";

export function lookupIn(environment: StringMap): Lookup {
  return (name) => (Object.hasOwn(environment, name) ? environment[name] : undefined);
}

/** The process environment as a mapping, with PWD where it lacks one. */
export function processEnvironment(context: LoadContext): Record<string, string> {
  const { cwd, env } = context.options;
  const result = emptyRecord<string>();
  for (const [key, value] of Object.entries(env)) {
    if (value !== undefined) result[key] = value;
  }
  result["PWD"] ??= cwd;
  return result;
}

/** Env files to read when none is named: `.env` of the directory, where it is a file and not switched off. */
export function defaultEnvFiles(directory: string, context: LoadContext): string[] {
  const disabled = context.options.env["COMPOSE_DISABLE_ENV_FILE"];
  if (disabled !== undefined && /^(?:1|t|T|TRUE|true|True)$/.test(disabled)) return [];
  const path = joinPath(directory, ".env");
  return context.options.files.stat(path) === "file" ? [path] : [];
}

/** Absolute paths of the env files that were named on the command line or by COMPOSE_ENV_FILES. */
export function namedEnvFiles(context: LoadContext): string[] {
  const { envFiles, env, cwd, home } = context.options;
  const fallback = (env["COMPOSE_ENV_FILES"] ?? "").split(",").filter((path) => path !== "");
  const named = envFiles && envFiles.length > 0 ? envFiles : fallback;
  return named.map((path) => {
    const expanded = expandHome(path, home);
    return isAbsolute(expanded) ? expanded : joinPath(cwd, expanded);
  });
}

/** Reads env files, later ones over earlier ones; values may refer to `environment` and to what was read before. */
export function readEnvFiles(
  paths: readonly string[],
  environment: StringMap,
  context: LoadContext,
): Record<string, string> {
  const values = emptyRecord<string>();
  for (const path of paths) {
    const read = context.read(path);
    if (read.kind !== "text") {
      context.report({ code: "env-file-not-found", message: `env ${readFailure(path, read)}` });
      continue;
    }
    const parsed = parseEnvFile(read.text, lookupIn(environment), lookupIn(values));
    reportEnvFile(path, parsed, context);
    for (const [key, entry] of parsed.entries) values[key] = entry.value;
  }
  return values;
}

/** Reports what is wrong in an env file. */
export function reportEnvFile(
  path: string,
  parsed: ReturnType<typeof parseEnvFile>,
  context: LoadContext,
): void {
  for (const problem of parsed.problems) {
    context.report({
      code: "env-file-syntax",
      message: problem.message,
      range: { file: path, start: problem.start, end: problem.end },
    });
  }
  for (const { name, start, end } of parsed.unset) {
    context.report({
      severity: "warning",
      code: "unset-variable",
      message: `the variable "${name}" is not set; an empty string stands in for it`,
      range: { file: path, start, end },
    });
  }
}

/** Adds what is not set yet. */
export function addMissing(target: Record<string, string>, values: StringMap): void {
  for (const [key, value] of Object.entries(values)) target[key] ??= value;
}
