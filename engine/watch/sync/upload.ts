/** Uploads by archive, and finds out which of many the engine will not take. */
import { EngineResponseError, isNotFound } from "../../error.ts";
import { uploadChanges, type Upload } from "./archive.ts";
import type { SyncChange } from "./change.ts";
import type { Refused } from "./failure.ts";
import type { SendTarget } from "./send-target.ts";

/** Attempts that may still fail before nothing is divided any further: a full disk refuses everything. */
export interface Patience {
  left: number;
}

export function newPatience(): Patience {
  return { left: 24 };
}

export interface UploadOptions {
  readonly patience: Patience;
  readonly signal?: AbortSignal | undefined;
  /** What the shell said of some of them. */
  readonly words: ReadonlyMap<SyncChange, string>;
}

export function isUpload(change: SyncChange): change is Upload {
  return change.kind !== "delete";
}

/** Resolves to those that were refused. Rejects when there is no such container, or the engine cannot be reached. */
export async function uploadAll(
  target: SendTarget,
  uploads: readonly Upload[],
  options: UploadOptions,
): Promise<Refused[]> {
  const { patience, signal, words } = options;
  try {
    await uploadChanges(target.engine, target.container, uploads, { owner: target.facts.owner, signal });
    return [];
  } catch (error) {
    if (!(error instanceof EngineResponseError) || isNotFound(error)) throw error;
    patience.left -= 1;
    if (uploads.length === 1 || patience.left <= 0)
      return uploads.map((change) => explain(change, words.get(change), error));
  }
  const half = Math.ceil(uploads.length / 2);
  const first = await uploadAll(target, uploads.slice(0, half), options);
  return [...first, ...(await uploadAll(target, uploads.slice(half), options))];
}

/** The shell's words where it has spoken, and a hint where a rule does not fit the image. */
function explain(change: Upload, word: string | undefined, error: EngineResponseError): Refused {
  const text = `${error.message}\n${word ?? ""}`;
  const isRoot = change.kind === "file" && change.isRoot === true;
  const hint =
    isRoot && /is a directory|cannot overwrite directory/i.test(text)
      ? `the rule's path is a file, and ${change.target} is a directory in the image: name the file in the target, or end it with /`
      : /not a directory|file exists/i.test(text)
        ? "the rule's path is a directory, and its target is a file in the image: name a directory as target"
        : undefined;
  if (word === undefined || word === error.message)
    return { change, reason: error.message, hint, cause: error };
  return { change, reason: word, hint, cause: error, details: [error.message] };
}
