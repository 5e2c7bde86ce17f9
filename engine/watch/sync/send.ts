/** Carries changes into a container by the way that fits: few through the open shell, many by archive. */
import type { EngineApi } from "../../docker/api.ts";
import { isConflict, isNotFound, OperationError, RefusedError, TcomposeError } from "../../error.ts";
import { runExec } from "../../exec/run-exec.ts";
import { uploadChanges, type Upload } from "./archive.ts";
import type { SyncChange } from "./change.ts";
import type { ContainerFacts } from "./container-facts.ts";
import { fitsShell, type ContainerShell } from "./container-shell.ts";
import { fitsBatch } from "./shell-batch.ts";
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

/** More changes than this at once are a burst. */
export const BURST = 24;
/** Arguments of one `rm`. */
const DELETES_AT_ONCE = 500;
/** What `rm -f` minds although nothing is there: a folder above has become a file. */
const ALREADY_GONE = /not a directory|no such file/i;

export interface SendOptions {
  /** They are part of many: written in place by the shell's own means, where that goes. */
  readonly isBurst: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** `changes` in the order of `orderChanges`. Rejects with a TcomposeError that names the target. */
export async function sendChanges(
  target: SendTarget,
  changes: readonly SyncChange[],
  { isBurst, signal }: SendOptions,
): Promise<Sent> {
  const obstacle = firstObstacle(target.facts, changes.filter(isUpload));
  const { left, refusal } = await throughShell(target, divide(changes, isBurst, obstacle !== undefined));
  if (refusal === undefined && left.length < changes.length) target.shell.countSuccess();
  const uploads = left.filter(isUpload);
  if (obstacle !== undefined && left.length > 0) throw unreachable(target, uploads, refusal, obstacle);
  const deleted = await deleteAll(target, left, signal);
  try {
    await uploadChanges(target.engine, target.container, uploads, { owner: target.facts.owner, signal });
  } catch (error) {
    throw explain(error, uploads, refusal);
  }
  if (refusal !== undefined) target.shell.countRefusal(refusal.message);
  const isSent = uploads.length > 0 || deleted.deleted > 0;
  const via = isSent ? "archive" : left.length < changes.length ? "shell" : "none";
  const before = changes.filter(isDelete).length - left.filter(isDelete).length;
  return { via, ...deleted, deleted: deleted.deleted + before };
}

/** How changes are to travel, in this order. */
interface Ways {
  /** An archive would not reach the target. */
  readonly mustUseShell: boolean;
  readonly batch: readonly SyncChange[];
  readonly single: readonly SyncChange[];
  readonly archive: readonly SyncChange[];
}

function divide(changes: readonly SyncChange[], isBurst: boolean, mustUseShell: boolean): Ways {
  if (!fitsShell(changes)) return { mustUseShell, batch: [], single: [], archive: changes };
  const batch = isBurst ? changes.filter(fitsBatch) : [];
  const rest = isBurst ? changes.filter((change) => !fitsBatch(change)) : changes;
  const isFew = rest.length <= BURST && rest.every(isSmall);
  return isFew || mustUseShell
    ? { mustUseShell, batch, single: rest, archive: [] }
    : { mustUseShell, batch, single: [], archive: rest };
}

/** What is left to be sent; all of it when something was refused: the archive way gives the engine's own account. */
async function throughShell(
  { shell, facts }: SendTarget,
  { mustUseShell, batch, single, archive }: Ways,
): Promise<{ readonly left: readonly SyncChange[]; readonly refusal?: Refusal | undefined }> {
  const all = [...batch, ...single, ...archive];
  if (batch.length + single.length === 0) return { left: all };
  const session = await shell.open(facts.owner);
  if (session === undefined) return { left: all };
  const isRefused = !(await session.applyBatch(batch).then(
    () => true,
    () => false,
  ));
  if (isRefused && !mustUseShell) return { left: all };
  const refusal = await applyEach(session, isRefused ? [...batch, ...single] : single);
  return { left: refusal === undefined ? archive : all, refusal };
}

function isUpload(change: SyncChange): change is Upload {
  return change.kind !== "delete";
}

function isDelete(change: SyncChange): boolean {
  return change.kind === "delete";
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

/** What the shell would not do, and its first word on it. */
interface Refusal {
  readonly message: string;
  readonly changes: readonly SyncChange[];
}

async function applyEach(
  session: ShellSession,
  changes: readonly SyncChange[],
): Promise<Refusal | undefined> {
  const results = await Promise.allSettled(changes.map((change) => session.apply(change)));
  const refused = results.flatMap((result, at) => (result.status === "rejected" ? [{ result, at }] : []));
  const [first] = refused;
  if (first === undefined) return undefined;
  const reason: unknown = first.result.reason;
  const message = reason instanceof Error ? reason.message : String(reason);
  return { message, changes: refused.flatMap(({ at }) => changes[at] ?? []) };
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

function unreachable(
  { shell }: SendTarget,
  uploads: readonly Upload[],
  refusal: Refusal | undefined,
  obstacle: string,
): RefusedError {
  if (refusal !== undefined) {
    const what = nameSome(refusal.changes);
    return new RefusedError(`cannot write ${what} in the container: ${refusal.message}`);
  }
  return new RefusedError(
    `cannot write ${nameSome(uploads)} in the container: ${shell.unusable ?? obstacle}`,
    {
      hint: "such a place can be written only while the container runs, by an image with a shell",
    },
  );
}

/** The engine's error with what it was about, and with a hint where a rule does not fit the image. */
function explain(error: unknown, uploads: readonly Upload[], refused: Refusal | undefined): unknown {
  if (!(error instanceof TcomposeError) || error.code !== "engine-response" || isNotFound(error))
    return error;
  const refusal = refused?.message;
  const root = uploads.find((upload) => upload.kind === "file" && upload.isRoot === true);
  const text = `${error.message}\n${refusal ?? ""}`;
  const isDirectory = root !== undefined && /is a directory|cannot overwrite directory/i.test(text);
  const isFile = /not a directory|file exists/i.test(text);
  const hint = isDirectory
    ? `the rule's path is a file, and ${root.target} is a directory in the image: name the file in the target, or end it with /`
    : isFile
      ? "the rule's path is a directory, and its target is a file in the image: name a directory as target"
      : undefined;
  const what = nameSome(refused?.changes ?? uploads);
  return new OperationError("watch.sync", `cannot write ${what}: ${refusal ?? error.message}`, {
    hint,
    cause: error,
    ...(refusal === undefined || refusal === error.message ? {} : { details: [error.message] }),
  });
}

function nameSome(changes: readonly SyncChange[]): string {
  const names = changes.slice(0, 3).map(({ target }) => target);
  return changes.length > 3 ? `${names.join(", ")} and ${changes.length - 3} more` : names.join(", ");
}
