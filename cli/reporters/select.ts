/** Picks the reporter for a run. */
import type { CliContext } from "../context.ts";
import { LiveArea } from "../live-area.ts";
import type { GlobalOptions } from "../options.ts";
import { palette } from "../render/color.ts";
import { decideColor, decideProgress } from "../terminal.ts";
import { createPlainReporter } from "./plain.ts";
import { createQuietReporter } from "./quiet.ts";
import type { ProgressMode, Reporter } from "./reporter.ts";

export interface Reporting {
  readonly reporter: Reporter;
  /** For everything printed while progress may be on the terminal. */
  readonly area: LiveArea;
  readonly mode: Exclude<ProgressMode, "auto">;
}

export async function selectReporter(
  context: CliContext,
  globals: GlobalOptions,
  env: CliContext["env"],
): Promise<Reporting> {
  const { stderr } = context;
  const area = new LiveArea(stderr);
  const mode = decideProgress(globals.progress, env, stderr, globals.ansi);
  switch (mode) {
    case "quiet":
      return { reporter: createQuietReporter(), area, mode };
    case "plain":
      return { reporter: createPlainReporter((text) => stderr.write(text)), area, mode };
    case "json": {
      const { createJsonReporter } = await import("./json.ts");
      return { reporter: createJsonReporter((text) => stderr.write(text)), area, mode };
    }
    case "tty": {
      const { createTtyReporter } = await import("./tty.ts");
      const colors = palette(decideColor(stderr.isTTY, { flag: globals.ansi, env }));
      return { reporter: createTtyReporter({ output: stderr, area, colors, now: context.now }), area, mode };
    }
    default:
      return mode satisfies never;
  }
}
