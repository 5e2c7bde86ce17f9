/** From the command line to a stack, a project name and an engine: the first steps of nearly every command. */
import type { EngineApi } from "../engine/docker/api.ts";
import { StackError, UsageError } from "../engine/error.ts";
import type { Diagnostic, SourceFile } from "../schema/diagnostic.ts";
import type { LoadOptions } from "../schema/files.ts";
import { load } from "../schema/load.ts";
import type { Stack } from "../schema/model.ts";
import { didYouMean } from "../schema/suggest.ts";
import type { Invocation } from "./command.ts";
import { createFileSystem } from "./files.ts";
import { note } from "./note.ts";

export type LoadExtras = Pick<
  LoadOptions,
  "services" | "noDependencies" | "allResources" | "skip" | "checkPaths"
>;

/** Whether the engine is likely to see this machine's files: one on another machine has sources of its own. */
export function isLocalEngine({ context, globals }: Invocation<unknown>): boolean {
  const host = globals.host ?? context.env["DOCKER_HOST"] ?? "";
  const named = globals.context ?? context.env["DOCKER_CONTEXT"] ?? "default";
  return host === "" ? named === "default" : host.startsWith("unix:");
}

export function loadOptions({ context, globals }: Invocation<unknown>, extras: LoadExtras = {}): LoadOptions {
  return {
    files: createFileSystem(),
    cwd: context.cwd,
    home: context.home,
    env: context.env,
    configFiles: globals.file ?? [],
    profiles: globals.profile ?? [],
    envFiles: globals.envFile ?? [],
    ...(globals.projectName === undefined ? {} : { projectName: globals.projectName }),
    ...(globals.projectDirectory === undefined ? {} : { projectDirectory: globals.projectDirectory }),
    ...(globals.compatibility === true ? { compatibility: true } : {}),
    ...(globals.allResources === true ? { allResources: true } : {}),
    ...extras,
  };
}

/** The stack that the command line names. Warnings go to standard error; throws StackError with every problem. */
export async function loadStack(invocation: Invocation<unknown>, extras: LoadExtras = {}): Promise<Stack> {
  const result = load(loadOptions(invocation, extras));
  if (!result.ok) throw new StackError(result.diagnostics, result.sources);
  await printWarnings(invocation, result.diagnostics, result.stack.sources);
  return result.stack;
}

/** A project: with its stack where there is one, or by name alone. */
export interface Project {
  readonly name: string;
  readonly stack: Stack | undefined;
}

/**
 * For commands that work from labels too: without a readable stack file, a name from `-p` or COMPOSE_PROJECT_NAME is
 * enough. A name given with `-p` and no file flag does not need the directory's file to be valid.
 */
export async function loadProject(invocation: Invocation<unknown>): Promise<Project> {
  const result = load(loadOptions(invocation));
  if (result.ok) {
    await printWarnings(invocation, result.diagnostics, result.stack.sources);
    return { name: result.stack.name, stack: result.stack };
  }
  const { globals, context } = invocation;
  const name = globals.projectName ?? context.env["COMPOSE_PROJECT_NAME"];
  const asked = globals.file !== undefined;
  if (name !== undefined && name !== "" && !asked) return { name: name.toLowerCase(), stack: undefined };
  throw new StackError(result.diagnostics, result.sources);
}

export async function connect({ context, globals }: Invocation<unknown>): Promise<EngineApi> {
  // Commands that only read files never load the engine room.
  const { connectEngine } = await import("../engine/docker/connect.ts");
  return connectEngine({
    env: context.env,
    home: context.home,
    signal: context.interrupts.stop,
    ...(globals.host === undefined ? {} : { host: globals.host }),
    ...(globals.context === undefined ? {} : { context: globals.context }),
  });
}

/** Rejects names that are no service of the stack, active or not. */
export function checkServices(stack: Stack, names: readonly string[]): void {
  const known = [...Object.keys(stack.services), ...Object.keys(stack.disabledServices)];
  for (const name of names) {
    if (!known.includes(name)) {
      throw new UsageError(`no such service: "${name}"`, {
        hint: didYouMean(name, known) ?? `the stack has ${known.join(", ") || "no services"}`,
      });
    }
  }
}

/** COMPOSE_* variables as the command sees them: the process's, over those of the env files. */
export function stackEnvironment(
  invocation: Invocation<unknown>,
  stack: Stack | undefined,
): Invocation["context"]["env"] {
  return stack?.environment ?? invocation.context.env;
}

async function printWarnings(
  invocation: Invocation<unknown>,
  diagnostics: readonly Diagnostic[],
  sources: readonly SourceFile[],
): Promise<void> {
  if (diagnostics.length === 0) return;
  const { context } = invocation;
  const { palette } = await import("./render/color.ts");
  const { wantsColor } = await import("./terminal.ts");
  const { renderProblems } = await import("./stack-problems.ts");
  const colors = palette(wantsColor(context.stderr, context));
  note(invocation, renderProblems(diagnostics, sources, context, colors));
}
