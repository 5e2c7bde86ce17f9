/**
 * Compares `config` with that of docker compose on stacks made at random. Needs docker compose of the version that the
 * format is compared with.
 *
 *   npm run fuzz:peer -- [--count 2000] [--seed 1] [--from 0] [--jobs 2] [--corpus FOLDER] [--log FILE]
 *
 * FOLDER holds one folder a stack, to be changed. One case again: `--from N --count 1`. Differences go to FILE, one
 * small example of each kind.
 */
import { mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { rolldown } from "rolldown";

const here = fileURLToPath(new URL(".", import.meta.url));
const { values } = parseArgs({
  options: {
    count: { type: "string", default: "2000" },
    seed: { type: "string", default: "1" },
    from: { type: "string", default: "0" },
    jobs: { type: "string", default: "2" },
    corpus: { type: "string" },
    log: { type: "string", default: "peer-differences.txt" },
  },
});

async function bundled(folder) {
  const build = await rolldown({ input: `${here}worker.ts`, platform: "node", logLevel: "silent" });
  const file = join(folder, "worker.mjs");
  await build.write({ file, format: "esm", codeSplitting: false });
  await build.close();
  return pathToFileURL(file).href;
}

const root = realpathSync(mkdtempSync(join(tmpdir(), "tcompose-peer-")));
try {
  const { run } = await import(await bundled(root));
  const from = Number(values.from);
  const report = await run({
    root,
    corpus: values.corpus,
    values: readFileSync(`${here}values.txt`, "utf8"),
    mappings: readFileSync(`${here}mappings.txt`, "utf8"),
    seed: Number(values.seed),
    from,
    to: from + Number(values.count),
    jobs: Number(values.jobs),
    log: values.log,
  });
  const sum = [...report.kinds.values()].reduce((a, b) => a + b, 0);
  console.log(
    `${report.run} cases, ${report.accepted} accepted by the peer, ${sum} differ in ${report.kinds.size} kinds`,
  );
  for (const [kind, count] of [...report.kinds].sort((a, b) => b[1] - a[1]))
    console.log(`${count} x ${kind}`);
  process.exitCode = sum === 0 ? 0 : 1;
} finally {
  rmSync(root, { recursive: true, force: true });
}
