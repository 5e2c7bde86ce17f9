/** Decisions about terminals: colour or not, which kind of progress. */
import type { CliContext, Environment } from "./context.ts";
import type { AnsiMode } from "./options.ts";
import type { Output } from "./output.ts";
import { PROGRESS_MODES, type ProgressMode } from "./reporters/reporter.ts";

interface AnsiChoice {
  readonly flag?: AnsiMode | undefined;
  readonly env: Environment;
}

/** `--ansi`, then NO_COLOR, then COMPOSE_ANSI, then FORCE_COLOR, then whether it is a capable terminal. */
export function decideColor(isTTY: boolean, { flag, env }: AnsiChoice): boolean {
  if (flag === "never") return false;
  if (flag === "always") return true;
  if (env["NO_COLOR"]) return false;
  if (env["COMPOSE_ANSI"] === "never") return false;
  if (env["COMPOSE_ANSI"] === "always") return true;
  if (env["FORCE_COLOR"] && env["FORCE_COLOR"] !== "0") return true;
  return isTTY && env["TERM"] !== "dumb";
}

/** For places that have no parsed options, such as reporting a mistake in them. */
export function wantsColor(output: Output, context: CliContext): boolean {
  return decideColor(output.isTTY, { flag: ansiFlag(context.argv), env: context.env });
}

function ansiFlag(argv: readonly string[]): AnsiMode | undefined {
  const at = argv.indexOf("--ansi");
  const value = at === -1 ? argv.find((word) => word.startsWith("--ansi="))?.slice(7) : argv[at + 1];
  return value === "never" || value === "always" || value === "auto" ? value : undefined;
}

/** The kind of progress to show on standard error; never answers `auto`. */
export function decideProgress(
  flag: ProgressMode | undefined,
  env: Environment,
  stderr: Output,
  ansi: AnsiMode | undefined,
): Exclude<ProgressMode, "auto"> {
  const fromEnv = PROGRESS_MODES.find((mode) => mode === env["COMPOSE_PROGRESS"]);
  const chosen = flag ?? (env["COMPOSE_PROGRESS"] === "none" ? "quiet" : fromEnv) ?? "auto";
  if (chosen !== "auto") return chosen;
  const moves = ansi !== "never" && env["COMPOSE_ANSI"] !== "never" && env["TERM"] !== "dumb";
  return stderr.isTTY && moves ? "tty" : "plain";
}
