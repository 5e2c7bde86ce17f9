/** One thread of a fuzz run: makes inputs by number, checks each, and tells where it stands through shared memory. */
import { parentPort, workerData } from "node:worker_threads";
import { readStackFolders } from "./case-files.ts";
import { checkInput, makeInput } from "./inputs.ts";

interface FuzzJob {
  readonly root: string;
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  /** Index of the input that is being checked. */
  readonly progress: SharedArrayBuffer;
}

interface Finding {
  readonly index: number;
  readonly folder: string;
  readonly changed: string;
  readonly problem: string;
  readonly text: string;
}

interface Report {
  readonly checked: number;
  readonly accepted: number;
  readonly slowest: { readonly index: number; readonly milliseconds: number };
  readonly peakMegabytes: number;
  readonly findings: readonly Finding[];
}

const MAX_MILLISECONDS = 1000;

function run(job: FuzzJob): Report {
  const folders = readStackFolders(job.root);
  const progress = new Int32Array(job.progress);
  const findings: Finding[] = [];
  let accepted = 0;
  let slowest = { index: -1, milliseconds: 0 };
  let peak = 0;
  for (let index = job.from; index < job.to; index += 1) {
    Atomics.store(progress, 0, index);
    const input = makeInput(folders, job.seed, index);
    const add = (problem: string): void => {
      if (findings.length < 500)
        findings.push({
          index,
          folder: input.folder.name,
          changed: input.changed,
          problem,
          text: input.files.get(input.changed) ?? "",
        });
    };
    try {
      let result = checkInput(input);
      // Another program may have had the processor: the best of three counts.
      for (let i = 0; i < 2 && result.milliseconds > MAX_MILLISECONDS; i += 1) result = checkInput(input);
      if (result.accepted) accepted += 1;
      if (result.milliseconds > slowest.milliseconds) slowest = { index, milliseconds: result.milliseconds };
      if (result.milliseconds > MAX_MILLISECONDS) add(`took ${Math.round(result.milliseconds)} ms`);
    } catch (error) {
      add(error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
    if (index % 500 === 0) peak = Math.max(peak, process.memoryUsage().rss / 1e6);
  }
  return { checked: job.to - job.from, accepted, slowest, peakMegabytes: Math.round(peak), findings };
}

// A thread's port has no origin to name.
// oxlint-disable-next-line unicorn/require-post-message-target-origin
if (parentPort !== null) parentPort.postMessage(run(workerData as FuzzJob));
