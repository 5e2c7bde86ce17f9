/** Every failure in words on standard error, and the exit code that goes with it. */
import { EngineUnreachableError, BuildError, StackError, TcomposeError } from "../engine/error.ts";
import type { CliContext } from "./context.ts";
import { EXIT_ERROR } from "./exit.ts";
import { UsageMistake } from "./options.ts";
import { palette, type Palette } from "./render/color.ts";
import { renderFailurePlace } from "./render/failure-place.ts";
import { wantsColor } from "./terminal.ts";

/** Ends a command with an exit code and nothing more to say. */
export class ExitRequest extends Error {
  readonly exitCode: number;
  constructor(exitCode: number) {
    super(`exit ${exitCode}`);
    this.exitCode = exitCode;
  }
}

export async function reportError(error: unknown, context: CliContext): Promise<number> {
  if (error instanceof ExitRequest) return error.exitCode;
  const interrupted = context.interrupts.exitCode();
  if (interrupted !== undefined && isAbort(error)) return interrupted;
  const colors = palette(wantsColor(context.stderr, context));
  if (jsonProgress(context)) {
    context.stderr.write(`${JSON.stringify(await errorAsJson(error))}\n`);
  } else {
    context.stderr.write(`${await describeError(error, context, colors)}\n`);
  }
  return EXIT_ERROR;
}

async function describeError(error: unknown, context: CliContext, colors: Palette): Promise<string> {
  if (error instanceof StackError) {
    const { renderProblems } = await import("./stack-problems.ts");
    return renderProblems(error.diagnostics, error.sources, context, colors);
  }
  if (error instanceof TcomposeError) return withDebug(describeTcomposeError(error, colors), error, context);
  if (error instanceof UsageMistake) return lines(error.message, error.hint, colors);
  if (isCommanderError(error)) return describeUsage(error.message, colors);
  const message = error instanceof Error ? error.message : String(error);
  return withDebug(
    lines(
      `${message} (this is a bug in tcompose)`,
      "run again with TCOMPOSE_DEBUG=1 to see where it happened",
      colors,
    ),
    error,
    context,
  );
}

function describeTcomposeError(error: TcomposeError, colors: Palette): string {
  const parts = [`${colors.red("error:")} ${error.message}`];
  if (error instanceof EngineUnreachableError) {
    if (error.tried.length > 1)
      for (const { endpoint, reason } of error.tried) parts.push(`  tried ${endpoint}: ${reason}`);
  }
  if (error instanceof BuildError) {
    parts.push(...renderFailurePlace(error.location, colors), ...error.tail.map((line) => `    | ${line}`));
  }
  if (error.hint !== undefined) parts.push(`${colors.cyan("hint:")} ${error.hint}`);
  return parts.join("\n");
}

/** Commander puts its suggestion in brackets on a second line. */
function describeUsage(message: string, colors: Palette): string {
  const [first = "", second] = message.split("\n");
  const suggestion = second?.match(/^\(Did you mean (.*)\?\)$/)?.[1];
  const hint = suggestion === undefined ? "--help says what there is" : `did you mean "${suggestion}"?`;
  return lines(first.replace(/^error: /, "").replaceAll("'", '"'), hint, colors);
}

function lines(message: string, hint: string | undefined, colors: Palette): string {
  const first = `${colors.red("error:")} ${message}`;
  return hint === undefined ? first : `${first}\n${colors.cyan("hint:")} ${hint}`;
}

function withDebug(text: string, error: unknown, context: CliContext): string {
  if (!context.env["TCOMPOSE_DEBUG"]) return text;
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  const cause =
    error instanceof Error && error.cause instanceof Error ? `\ncaused by ${error.cause.stack ?? ""}` : "";
  return `${text}\n${stack}${cause}`;
}

async function errorAsJson(error: unknown): Promise<Readonly<Record<string, unknown>>> {
  const message = error instanceof Error ? error.message.replace(/^error: /, "") : String(error);
  if (!(error instanceof TcomposeError)) return { type: "error", error: true, code: "usage", message };
  const hint = error.hint === undefined ? {} : { hint: error.hint };
  const failure = { type: "error", error: true, code: error.code, message, ...hint };
  if (!(error instanceof StackError)) return failure;
  const { diagnosticsToJson } = await import("./render/diagnostic-json.ts");
  return { ...failure, diagnostics: diagnosticsToJson(error.diagnostics, error.sources) };
}

/** The arguments may be what is wrong, so this looks at them directly. */
function jsonProgress(context: CliContext): boolean {
  const { argv, env } = context;
  const at = argv.indexOf("--progress");
  if (at !== -1) return argv[at + 1] === "json";
  return argv.includes("--progress=json") || env["COMPOSE_PROGRESS"] === "json";
}

function isAbort(error: unknown): boolean {
  return (
    (error instanceof TcomposeError && error.code === "aborted") || (error as Error)?.name === "AbortError"
  );
}

function isCommanderError(error: unknown): error is Error {
  return error instanceof Error && String((error as { code?: unknown }).code).startsWith("commander.");
}
