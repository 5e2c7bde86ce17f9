/** Deletes in a container that the open shell did not take: by one `rm` for many, where the image has one. */
import { isConflict, isNotFound, TcomposeError } from "../../error.ts";
import { runExec } from "../../exec/run-exec.ts";
import type { SyncChange } from "./change.ts";
import type { Refused } from "./failure.ts";
import type { SendTarget } from "./send-target.ts";

export interface Removed {
  readonly deleted: number;
  /** Deletes that this container will never take. */
  readonly kept: readonly string[];
  readonly keptReason?: string;
  /** Deletes that wait until the container runs. */
  readonly waiting: readonly string[];
  readonly refused: readonly Refused[];
}

/** Arguments of one `rm`. */
const DELETES_AT_ONCE = 500;
/** What `rm -f` minds although nothing is there: a folder above has become a file. */
const ALREADY_GONE = /not a directory|no such file/i;

/** Takes the deletes out of `changes`. */
export async function removeAll(
  target: SendTarget,
  changes: readonly SyncChange[],
  signal: AbortSignal | undefined,
): Promise<Removed> {
  const deletes = changes.filter((change) => change.kind === "delete");
  const refused: Refused[] = [];
  let deleted = 0;
  for (let from = 0; from < deletes.length; from += DELETES_AT_ONCE) {
    const some = deletes.slice(from, from + DELETES_AT_ONCE);
    const rest = (): string[] => deletes.slice(from).map((change) => change.target);
    const outcome = await removePaths(target, some, signal);
    if (outcome === "not-running") return { deleted, kept: [], waiting: rest(), refused };
    if (typeof outcome === "string")
      return { deleted, kept: rest(), keptReason: outcome, waiting: [], refused };
    refused.push(...outcome);
    deleted += some.length - outcome.length;
  }
  return { deleted, kept: [], waiting: [], refused };
}

/** Those that were refused; or why it can never be done here, or that the container does not run. */
async function removePaths(
  { engine, container, shell }: SendTarget,
  changes: readonly SyncChange[],
  signal: AbortSignal | undefined,
): Promise<Refused[] | string> {
  const output: string[] = [];
  try {
    const { exitCode } = await runExec(
      engine,
      container,
      { cmd: ["rm", "-rf", "--", ...changes.map(({ target }) => target)], user: "0" },
      { signal, onOutput: ({ data }) => void output.push(data.toString("utf8")) },
    );
    if (exitCode === 0) return [];
    if (exitCode === 126 || exitCode === 127) return shell.unusable ?? "the image has no rm";
    return complaintsOf(changes, output.join(""));
  } catch (error) {
    if (isConflict(error)) return "not-running";
    if (isNotFound(error) || !(error instanceof TcomposeError) || error.code !== "engine-response")
      throw error;
    return shell.unusable ?? error.message;
  }
}

/** `rm` goes on after what it cannot remove, and names it. */
function complaintsOf(changes: readonly SyncChange[], output: string): Refused[] {
  const lines = output.split("\n").filter((line) => line.trim() !== "" && !ALREADY_GONE.test(line));
  if (lines.length === 0) return [];
  const blamed = changes.flatMap((change): Refused[] => {
    const line = lines.find((text) => text.includes(change.target));
    return line === undefined ? [] : [{ change, reason: line.trim() }];
  });
  return blamed.length > 0 ? blamed : changes.map((change) => ({ change, reason: lines.join("; ") }));
}
