/** Watching from the command line: `watch` and `up --watch`. */
import { relative } from "node:path";
import { performance } from "node:perf_hooks";
import { StackError } from "../engine/error.ts";
import { openStackWatch, type Reloaded, type StackWatch } from "../engine/session/watch.ts";
import type { WatchEvent } from "../engine/watch/event.ts";
import type { UpPolicy } from "../engine/plan/policy.ts";
import type { Stack } from "../schema/model.ts";
import { palette } from "./render/color.ts";
import { renderWatchEvent } from "./render/watch.ts";
import { carryOut, type Session } from "./session.ts";
import { loadStack } from "./stack.ts";
import { renderProblems } from "./stack-problems.ts";
import { wantsColor } from "./terminal.ts";

export interface WatchingOptions {
  readonly stack: Stack;
  readonly services: readonly string[];
  readonly policy: UpPolicy;
  /** Say nothing but failures. */
  readonly quiet?: boolean;
  readonly signal: AbortSignal;
}

/** To be opened before the stack is brought up, and run when it is: changes in between are not missed. */
export function openWatching(session: Session, options: WatchingOptions): Promise<StackWatch> {
  const { engine } = session;
  return openStackWatch({
    engine,
    stack: options.stack,
    services: options.services,
    apply: (plan, signal) => carryOut(session, plan, signal),
    load: () => reload(session, options.services),
    policy: options.policy,
    report: (event) => tell(session, event, options.quiet === true),
    signal: options.signal,
    now: () => performance.timeOrigin + performance.now(),
  });
}

function tell({ invocation, emit, area }: Session, event: WatchEvent, quiet: boolean): void {
  const { context, globals } = invocation;
  emit({ type: "watch", watch: event });
  if (globals.progress === "json" || globals.progress === "quiet") return;
  if (quiet && event.type !== "failed" && event.type !== "reloaded") return;
  const colors = palette(wantsColor(context.stderr, context));
  const line = renderWatchEvent(event, colors, (path) => shorten(path, context.cwd));
  if (line === undefined) return;
  area.printAbove(() => {
    context.stderr.write(`${line}\n`);
  });
}

/** Diagnostics are shown as they would be by any command; the caller keeps the last good stack. */
async function reload({ invocation, area }: Session, services: readonly string[]): Promise<Reloaded> {
  const { context, globals } = invocation;
  try {
    return { ok: true, stack: await loadStack(invocation, { services }) };
  } catch (error) {
    if (error instanceof StackError && globals.progress !== "json") {
      const colors = palette(wantsColor(context.stderr, context));
      area.printAbove(() => {
        context.stderr.write(`${renderProblems(error.diagnostics, error.sources, context, colors)}\n`);
      });
    }
    return { ok: false, error };
  }
}

function shorten(path: string, cwd: string): string {
  const short = relative(cwd, path);
  return short === "" ? "." : short.startsWith("..") ? path : short;
}
