/** Carries changes into a container by the way that fits: few through the open shell, many by archive. */
import type { EngineApi } from "../../docker/api.ts";
import { isConflict, isNotFound, OperationError, RefusedError, TcomposeError } from "../../error.ts";
import { runExec } from "../../exec/run-exec.ts";
import { uploadChanges, type Upload } from "./archive.ts";
import type { SyncChange } from "./change.ts";
import type { ContainerFacts } from "./container-facts.ts";
import { fitsShell, type ContainerShell } from "./container-shell.ts";
import { SHELL_FILE_LIMIT, type ShellSession } from "./shell-session.ts";

export interface SendTarget {
  readonly engine: EngineApi;
  readonly container: string;
  readonly shell: ContainerShell;
  readonly facts: ContainerFacts;
}

export interface Sent {
  readonly via: "shell" | "archive" | "none";
  readonly deleted: number;
  /** Deletes that this container will never take. */
  readonly kept: readonly string[];
  readonly keptReason?: string;
  /** Deletes that wait until the container runs. */
  readonly waiting: readonly string[];
}

/** More changes than this at once are cheaper in one archive. */
const SHELL_BATCH_LIMIT = 24;
/** Arguments of one `rm`. */
const DELETES_AT_ONCE = 500;
/** What `rm -f` minds although nothing is there: a folder above has become a file. */
const ALREADY_GONE = /not a directory|no such file/i;

/** `changes` in the order of `orderChanges`. Rejects with a TcomposeError that names the target. */
export async function sendChanges(
  target: SendTarget,
  changes: readonly SyncChange[],
  signal: AbortSignal | undefined,
): Promise<Sent> {
  const uploads = changes.filter(isUpload);
  const obstacle = firstObstacle(target.facts, uploads);
  const small = changes.length <= SHELL_BATCH_LIMIT && changes.every(isSmall);
  let refusal: string | undefined;
  if ((small || obstacle !== undefined) && fitsShell(changes)) {
    const shell = await target.shell.open(target.facts.owner);
    if (shell !== undefined) {
      refusal = await applyAll(shell, changes);
      if (refusal === undefined) {
        target.shell.countSuccess();
        return { via: "shell", deleted: changes.length - uploads.length, kept: [], waiting: [] };
      }
    }
  }
  if (obstacle !== undefined) throw unreachable(target, uploads, refusal ?? obstacle);
  const deleted = await deleteAll(target, changes, signal);
  try {
    await uploadChanges(target.engine, target.container, uploads, { owner: target.facts.owner, signal });
  } catch (error) {
    throw explain(error, uploads, refusal);
  }
  if (refusal !== undefined) target.shell.countRefusal(refusal);
  return { via: uploads.length > 0 || deleted.deleted > 0 ? "archive" : "none", ...deleted };
}

function isUpload(change: SyncChange): change is Upload {
  return change.kind !== "delete";
}

function isSmall(change: SyncChange): boolean {
  return change.kind !== "file" || change.content.length <= SHELL_FILE_LIMIT;
}

function firstObstacle(facts: ContainerFacts, uploads: readonly Upload[]): string | undefined {
  for (const { target } of uploads) {
    const obstacle = facts.archiveObstacle(target);
    if (obstacle !== undefined) return obstacle;
  }
  return undefined;
}

/** The first failure, if any: the archive way then gives the engine's own account of what is wrong. */
async function applyAll(shell: ShellSession, changes: readonly SyncChange[]): Promise<string | undefined> {
  const results = await Promise.allSettled(changes.map((change) => shell.apply(change)));
  for (const result of results) {
    if (result.status === "rejected")
      return result.reason instanceof Error ? result.reason.message : String(result.reason);
  }
  return undefined;
}

async function deleteAll(
  target: SendTarget,
  changes: readonly SyncChange[],
  signal: AbortSignal | undefined,
): Promise<Omit<Sent, "via">> {
  const paths = changes.filter((change) => change.kind === "delete").map((change) => change.target);
  let deleted = 0;
  for (let from = 0; from < paths.length; from += DELETES_AT_ONCE) {
    const some = paths.slice(from, from + DELETES_AT_ONCE);
    const outcome = await removePaths(target, some, signal);
    if (outcome === "not-running") return { deleted, kept: [], waiting: paths.slice(from) };
    if (outcome !== undefined) return { deleted, kept: paths.slice(from), keptReason: outcome, waiting: [] };
    deleted += some.length;
  }
  return { deleted, kept: [], waiting: [] };
}

/** Undefined: done. Otherwise why it can never be done here, or that the container does not run. */
async function removePaths(
  { engine, container, shell }: SendTarget,
  paths: readonly string[],
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const output: string[] = [];
  try {
    const { exitCode } = await runExec(
      engine,
      container,
      { cmd: ["rm", "-rf", "--", ...paths], user: "0" },
      { signal, onOutput: ({ data }) => void output.push(data.toString("utf8")) },
    );
    if (exitCode === 0) return undefined;
    if (exitCode === 126 || exitCode === 127) return shell.unusable ?? "the image has no rm";
    const complaints = output
      .join("")
      .split("\n")
      .filter((line) => line.trim() !== "" && !ALREADY_GONE.test(line));
    if (complaints.length === 0) return undefined;
    throw new OperationError("watch.sync", `cannot delete in the container: ${complaints.join("; ")}`);
  } catch (error) {
    if (isConflict(error)) return "not-running";
    if (isNotFound(error) || !(error instanceof TcomposeError) || error.code !== "engine-response")
      throw error;
    return shell.unusable ?? error.message;
  }
}

function unreachable({ shell }: SendTarget, uploads: readonly Upload[], reason: string): RefusedError {
  return new RefusedError(`cannot write ${nameSome(uploads)} in the container: ${shell.unusable ?? reason}`, {
    hint: "such a place can be written only while the container runs, by an image with a shell",
  });
}

/** The engine's error with what it was about, and with a hint where a rule does not fit the image. */
function explain(error: unknown, uploads: readonly Upload[], refusal: string | undefined): unknown {
  if (!(error instanceof TcomposeError) || error.code !== "engine-response" || isNotFound(error))
    return error;
  const root = uploads.find((upload) => upload.kind === "file" && upload.isRoot === true);
  const text = `${error.message}\n${refusal ?? ""}`;
  const isDirectory = root !== undefined && /is a directory|cannot overwrite directory/i.test(text);
  const isFile = /not a directory|file exists/i.test(text);
  const hint = isDirectory
    ? `the rule's path is a file, and ${root.target} is a directory in the image: name the file in the target, or end it with /`
    : isFile
      ? "the rule's path is a directory, and its target is a file in the image: name a directory as target"
      : undefined;
  return new OperationError("watch.sync", `cannot write ${nameSome(uploads)}: ${refusal ?? error.message}`, {
    hint,
    cause: error,
    ...(refusal === undefined || refusal === error.message ? {} : { details: [error.message] }),
  });
}

function nameSome(uploads: readonly Upload[]): string {
  const names = uploads.slice(0, 3).map((upload) => upload.target);
  return uploads.length > 3 ? `${names.join(", ")} and ${uploads.length - 3} more` : names.join(", ");
}
