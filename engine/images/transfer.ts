/** What pull and push share: progress per layer, attempts, and errors that say what to do. */
import type { ProgressMessage } from "../docker/types.ts";
import { AbortedError, OperationError } from "../error.ts";
import type { Progress } from "../event.ts";
import type { Clock } from "../execute/model.ts";
import {
  classifyTransferFailure,
  failureText,
  isTransferError,
  retryDelays,
  transferHint,
} from "./failure.ts";

export type ReportProgress = (progress: Progress) => void;

export interface TransferOptions {
  readonly operation: string;
  readonly reference: string;
  /** `pull` or `push`, for messages. */
  readonly verb: string;
  readonly hasCredentials: boolean;
  readonly progress: ReportProgress;
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

/** The engine's words for a layer's state, as the facts that reporters know. */
const PHASES: ReadonlyMap<string, string> = new Map([
  ["Pulling fs layer", "waiting"],
  ["Waiting", "waiting"],
  ["Preparing", "waiting"],
  ["Downloading", "downloading"],
  ["Download complete", "downloaded"],
  ["Verifying Checksum", "verifying"],
  ["Extracting", "extracting"],
  ["Pull complete", "done"],
  ["Already exists", "exists"],
  ["Layer already exists", "exists"],
  ["Pushing", "pushing"],
  ["Pushed", "done"],
]);

/** Sends a transfer through, again where the failure may pass by itself. Rejects with an OperationError or AbortedError. */
export async function runTransfer(
  start: () => AsyncIterable<ProgressMessage>,
  options: TransferOptions,
): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      await consume(start(), options);
      return;
    } catch (error) {
      if (options.signal.aborted) throw new AbortedError();
      if (!isTransferError(error)) throw error;
      const failure = classifyTransferFailure(failureText(error));
      const delay = retryDelays(failure)[attempt];
      if (delay === undefined) throw transferError(error, options);
      const reason = failureText(error);
      options.progress({ type: "transfer", phase: "retrying", current: attempt + 1, reason, delayMs: delay });
      await options.clock.sleep(delay, options.signal);
    }
  }
}

async function consume(stream: AsyncIterable<ProgressMessage>, options: TransferOptions): Promise<void> {
  for await (const message of stream) {
    const failure = message.errorDetail?.message ?? message.error;
    if (failure !== undefined && failure !== "") throw new OperationError(options.operation, failure);
    const progress = toProgress(message);
    if (progress !== undefined) options.progress(progress);
  }
}

/** Progress of one layer; undefined for the lines that are not about a layer (tag, digest, closing status). */
export function toProgress(message: ProgressMessage): Progress | undefined {
  const { id, status } = message;
  if (id === undefined || status === undefined || status.startsWith("Pulling from")) return undefined;
  const phase = PHASES.get(status) ?? (status.startsWith("Mounted from") ? "exists" : undefined);
  if (phase === undefined) {
    // "Retrying in 3 seconds" and other words of newer engines; tags ("latest: digest: ...") have no known phase.
    return status.startsWith("Retrying") ? { type: "transfer", item: id, phase: "retrying" } : undefined;
  }
  const { current, total } = message.progressDetail ?? {};
  return {
    type: "transfer",
    item: id,
    phase,
    ...(current === undefined ? {} : { current }),
    ...(total === undefined || total <= 0 ? {} : { total }),
  };
}

function transferError(error: unknown, options: TransferOptions): OperationError {
  const text = failureText(error);
  const hint = transferHint(classifyTransferFailure(text), options.reference, options.hasCredentials);
  const message = `cannot ${options.verb} ${options.reference}: ${text.replace(/^Error response from daemon: /, "")}`;
  return new OperationError(options.operation, message, { hint, cause: error });
}
