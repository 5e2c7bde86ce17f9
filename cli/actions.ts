/** One and the same thing done to several containers at once, with a line when it begins and one when it is done. */
import { OperationError, TcomposeError } from "../engine/error.ts";
import type { ObservedContainer } from "../engine/observe/model.ts";
import type { Invocation } from "./command.ts";
import { printDryRun } from "./dry-run.ts";
import type { WordPair } from "./reporters/words.ts";
import { decideProgress } from "./terminal.ts";

export interface Action {
  readonly words: WordPair;
  /** For messages: `pause`. */
  readonly verb: string;
  run(container: ObservedContainer): Promise<void>;
}

/** Tries all of them, or says what it would do; throws OperationError for those that failed. */
export async function actOnContainers(
  invocation: Invocation<unknown>,
  containers: readonly ObservedContainer[],
  action: Action,
): Promise<void> {
  if (invocation.globals.dryRun === true) {
    printDryRun(
      invocation.context,
      containers.map(({ name }) => `${action.verb} container ${name}`),
    );
    return;
  }
  const say = speaker(invocation);
  const results = await Promise.allSettled(
    containers.map(async (container) => {
      if (action.words.during !== "") say(container.name, action.words.during);
      await action.run(container);
      say(container.name, action.words.after);
    }),
  );
  const failures = results.flatMap((result, i) =>
    result.status === "rejected"
      ? [{ name: containers[i]?.name ?? "", reason: result.reason as unknown }]
      : [],
  );
  const [first] = failures;
  if (first === undefined) return;
  if (failures.length === 1 && first.reason instanceof TcomposeError) throw first.reason;
  throw new OperationError(
    action.verb,
    `cannot ${action.verb} ${failures.map(({ name, reason }) => `${name}: ${messageOf(reason)}`).join("; ")}`,
    { cause: first.reason },
  );
}

/** Lines in the form of the plain reporter; with `--progress json`, as JSON. */
function speaker({ context, globals }: Invocation<unknown>): (container: string, word: string) => void {
  const { stderr } = context;
  const mode = decideProgress(globals.progress, context.env, stderr, globals.ansi);
  if (mode === "quiet") return () => undefined;
  if (mode === "json") {
    return (container, word) =>
      stderr.write(
        `${JSON.stringify({ type: "action", container, state: word.toLowerCase(), time: context.now() })}\n`,
      );
  }
  return (container, word) => stderr.write(` Container ${container}  ${word}\n`);
}

function messageOf(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason);
}
