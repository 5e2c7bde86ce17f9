/**
 * Many small changes as shell text for the kept-open shell: one request and one answer for hundreds of files. What the
 * functions do stands in `shell-script.ts`.
 */
import type { SyncChange } from "./change.ts";
import type { Owner } from "./owner.ts";

type FileChange = Extract<SyncChange, { kind: "file" }>;

/** Files above this are not written by the shell's own means. */
export const BATCH_FILE_LIMIT = 64 * 1024;
/** Changes of one request: its answer says that these have arrived. */
const CHANGES_AT_ONCE = 250;
/** Bytes of contents in one request. */
const BYTES_AT_ONCE = 128 * 1024;

/** Whether a change can be part of a batch. */
export function fitsBatch(change: SyncChange): boolean {
  return change.kind !== "file" || (change.isRoot !== true && change.content.length <= BATCH_FILE_LIMIT);
}

/** What one request carries out. */
export interface ShellBatch {
  readonly changes: readonly SyncChange[];
  readonly text: string;
}

/** `changes` are in the order of `orderChanges` and each fit. */
export function encodeBatches(changes: readonly SyncChange[], owner: Owner): ShellBatch[] {
  const batches: ShellBatch[] = [];
  let some: SyncChange[] = [];
  let bytes = 0;
  for (const change of changes) {
    if (some.length === CHANGES_AT_ONCE || bytes > BYTES_AT_ONCE) {
      batches.push({ changes: some, text: encodeBatch(some, owner) });
      some = [];
      bytes = 0;
    }
    some.push(change);
    if (change.kind === "file") bytes += change.content.length;
  }
  if (some.length > 0) batches.push({ changes: some, text: encodeBatch(some, owner) });
  return batches;
}

function encodeBatch(changes: readonly SyncChange[], { uid, gid }: Owner): string {
  const deletes = changes.filter((change) => change.kind === "delete");
  const directories = changes.filter((change) => change.kind === "directory");
  const links = changes.filter((change) => change.kind === "symlink");
  const files = changes.filter((change) => change.kind === "file");
  const written = [...directories, ...links, ...files].map(({ target }) => target);
  return [
    ...command("gone", deletes.map(targetOf)),
    ...command("folders", directories.map(targetOf)),
    ...command("alone", files.map(targetOf)),
    ...links.map(({ target, link }) => `link ${quote(target)} ${quote(link)}`),
    ...files.map(
      (file) => `${isLonger(file) ? "put" : "cut"} ${quote(file.target)} ${toFormat(file.content)}`,
    ),
    // What root writes is root's already. A change of owner takes set-user-id away, so the modes come last.
    ...(uid === 0 && gid === 0 ? [] : command(`chown -h ${uid}:${gid} --`, written)),
    ...[...byMode([...directories, ...files])].flatMap(([mode, targets]) =>
      command(`chmod ${mode.toString(8)} --`, targets),
    ),
  ]
    .map((line) => `${line} || return 1\n`)
    .join("");
}

function targetOf({ target }: SyncChange): string {
  return target;
}

function command(words: string, targets: readonly string[]): string[] {
  return targets.length === 0 ? [] : [`${words} ${targets.map(quote).join(" ")}`];
}

/** The new content covers all of the old one. */
function isLonger({ content, sizeBefore }: FileChange): boolean {
  return sizeBefore !== undefined && content.length >= sizeBefore;
}

function byMode(changes: readonly Extract<SyncChange, { mode: number }>[]): Map<number, string[]> {
  const groups = new Map<number, string[]>();
  for (const { mode, target } of changes) {
    const group = groups.get(mode);
    if (group === undefined) groups.set(mode, [target]);
    else group.push(target);
  }
  return groups;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/**
 * A format for `printf` that gives these bytes, quoted. All but plain ASCII is escaped: shells differ in how they take
 * other bytes. A dash at the beginning would be an option.
 */
function toFormat(content: Buffer): string {
  const text = content
    .toString("latin1")
    .replace(/[^\t\n\x20-\x7e]|^-|['\\%]/g, (char) => (char === "%" ? "%%" : octal(char)));
  return `'${text}'`;
}

function octal(char: string): string {
  return `\\${char.charCodeAt(0).toString(8).padStart(3, "0")}`;
}
