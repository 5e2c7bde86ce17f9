/**
 * Fuzz run of the stack file loader: changes the files of many stacks at random and checks that loading never throws,
 * never hangs, stays small, and says where each problem stands.
 *
 *   npm run fuzz -- [--count 200000] [--seed 1] [--from 0] [--corpus FOLDER] [--log FILE]
 *
 * FOLDER holds one folder a stack; without it, the examples are used. One input again: `--from N --count 1`.
 */
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { rolldown } from "rolldown";

const here = fileURLToPath(new URL(".", import.meta.url));
/** Heap of a run; what needs more ends it. */
const MAX_HEAP_MEGABYTES = 512;
const HANG_SECONDS = 20;

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "20000" },
    seed: { type: "string", default: "1" },
    from: { type: "string", default: "0" },
    corpus: { type: "string", default: process.env.TCOMPOSE_CORPUS ?? join(here, "../../../examples") },
    log: { type: "string" },
  },
});
const from = Number(values.from);
const to = from + Number(values.count);

function say(text) {
  console.log(text);
  if (values.log !== undefined) appendFileSync(values.log, `${text}\n`);
}

/** The worker and the loader as one file: Node 20 runs no TypeScript. */
async function bundleWorker(folder) {
  const build = await rolldown({ input: `${here}worker.ts`, platform: "node", logLevel: "silent" });
  const file = join(folder, "worker.mjs");
  await build.write({ file, format: "esm", codeSplitting: false });
  await build.close();
  return file;
}

function runWorker(file) {
  const progress = new SharedArrayBuffer(4);
  const worker = new Worker(file, {
    workerData: { root: values.corpus, seed: Number(values.seed), from, to, progress },
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MEGABYTES },
  });
  const index = () => Atomics.load(new Int32Array(progress), 0);
  return new Promise((resolve, reject) => {
    let last = { index: -1, at: Date.now(), said: Date.now() };
    const watch = setInterval(() => {
      const now = index();
      if (now !== last.index) last = { ...last, index: now, at: Date.now() };
      else if (Date.now() - last.at > HANG_SECONDS * 1000) reject(new Error(`input ${now} does not end`));
      if (Date.now() - last.said < 60_000) return;
      last.said = Date.now();
      say(`... ${now - from} of ${to - from}`);
    }, 500);
    worker.on("message", resolve);
    worker.on("error", (error) => reject(new Error(`input ${index()}: ${error.stack ?? error.message}`)));
    worker.on("exit", () => clearInterval(watch));
  }).finally(() => void worker.terminate());
}

const folder = mkdtempSync(join(tmpdir(), "tcompose-fuzz-"));
try {
  const start = Date.now();
  const report = await runWorker(await bundleWorker(folder));
  const { checked, accepted, slowest, peakMegabytes, findings } = report;
  say(
    `${checked} inputs (seed ${values.seed}, from ${from}) in ${Math.round((Date.now() - start) / 1000)} s: ` +
      `${accepted} valid, ${checked - accepted} refused, slowest ${Math.round(slowest.milliseconds)} ms ` +
      `(input ${slowest.index}), peak ${peakMegabytes} MB, ${findings.length} findings`,
  );
  const kinds = new Map();
  for (const finding of findings) {
    const kind = finding.problem.split("\n").slice(0, 2).join(" ").replace(/\d+/g, "N");
    kinds.set(kind, [...(kinds.get(kind) ?? []), finding]);
  }
  for (const [kind, [first, ...others]] of kinds) {
    say(
      `\n${others.length + 1} x ${kind}\n  first: input ${first.index}, ${first.folder}/${first.changed}\n${first.problem}`,
    );
  }
  if (values.log !== undefined) writeFileSync(`${values.log}.json`, JSON.stringify(findings, null, 1));
  process.exitCode = findings.length === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
