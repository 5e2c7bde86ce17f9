/** Watching from the command line: `watch` and `up --watch`. */
import { relative } from "node:path";
import { performance } from "node:perf_hooks";
import { StackError } from "../engine/error.ts";
import { openStackWatch, type Reloaded, type StackWatch } from "../engine/session/watch.ts";
import type { ApplyPurpose } from "../engine/session/watch-actions.ts";
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
  /** Replicas by service, over what the stack says. */
  readonly scale?: Readonly<Record<string, number>> | undefined;
  /** Make containers again that somebody removes while they run; default. */
  readonly restore?: boolean;
  /** Say nothing but failures. */
  readonly quiet?: boolean;
  /** Remove images that a rebuild left without a name. */
  readonly prune?: boolean;
  /** Whether images hold the trees as they are now. */
  readonly isBuilt: boolean;
}

/** To be opened before the stack is brought up, and run when it is: changes in between are not missed. */
export function openWatching(session: Session, options: WatchingOptions): Promise<StackWatch> {
  const { engine } = session;
  return openStackWatch({
    engine,
    stack: options.stack,
    services: options.services,
    apply: (plan, { purpose, signal }) =>
      carryOut(isShown(session, purpose) ? session : silent(session), plan, signal),
    load: () => reload(session, options.services),
    policy: options.policy,
    scale: options.scale,
    prune: options.prune === true,
    restore: options.restore !== false,
    report: (event) => tell(session, event, options.quiet === true),
    isBuilt: options.isBuilt,
    now: () => performance.timeOrigin + performance.now(),
  });
}

/**
 * Watching says itself what it did. Beside that, only what a changed stack file brought about is shown step by step,
 * and a build where it can be shown in place.
 */
function isShown({ mode }: Session, purpose: ApplyPurpose): boolean {
  return mode === "json" || purpose === "reload" || (purpose === "rebuild" && mode === "tty");
}

function silent(session: Session): Session {
  return { ...session, emit: () => undefined };
}

function tell({ invocation, emit, area, mode }: Session, event: WatchEvent, quiet: boolean): void {
  const { context } = invocation;
  emit({ type: "watch", watch: event });
  if (mode === "json" || mode === "quiet") return;
  if (quiet && event.type !== "failed" && event.type !== "reloaded") return;
  const colors = palette(wantsColor(context.stderr, context));
  const line = renderWatchEvent(event, colors, (path) => shorten(path, context.cwd));
  if (line === undefined) return;
  area.printAbove(() => {
    context.stderr.write(`${line}\n`);
  });
}

/** Diagnostics are shown as they would be by any command; the caller keeps the last good stack. */
async function reload({ invocation, area, mode }: Session, services: readonly string[]): Promise<Reloaded> {
  const { context } = invocation;
  try {
    return { ok: true, stack: await loadStack(invocation, { services }) };
  } catch (error) {
    if (error instanceof StackError && mode !== "json") {
      const colors = palette(wantsColor(context.stderr, context));
      area.printAbove(() => {
        context.stderr.write(`${renderProblems(error.diagnostics, error.sources, context, colors)}\n`);
      });
    }
    return { ok: false, error };
  }
}

/** Of longer paths the ends are told: systems allow thousands of characters. */
const LONGEST_PATH = 160;

function shorten(path: string, cwd: string): string {
  const inside = relative(cwd, path);
  const short = inside === "" ? "." : inside.startsWith("..") ? path : inside;
  if (short.length <= LONGEST_PATH) return short;
  return `${short.slice(0, LONGEST_PATH / 2)}...${short.slice(-LONGEST_PATH / 2)}`;
}
