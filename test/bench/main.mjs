/**
 * `npm run bench`: times of tcompose beside those of the peer. Never fails on a time.
 * `npm run bench -- NAME...` chooses; `--runs N` (5) is how many pairs; `--alone` leaves the peer out.
 */
import { parseArgs } from "node:util";
import { ensureEngine } from "../../examples/demo/engine.mjs";
import { runScript, say } from "../../examples/demo/say.mjs";
import { ensureTestImage } from "../support/machine/test-image.mjs";
import { BENCHMARKS } from "./benchmarks.mjs";
import { measure, median, percentile } from "./measure.mjs";
import { isPeerInstalled, OURS, PEER } from "./tools.mjs";

const RUNS = 5;

await runScript(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { runs: { type: "string" }, alone: { type: "boolean" } },
  });
  const unknown = positionals.filter((name) => !BENCHMARKS.some((one) => one.name === name));
  if (unknown.length > 0)
    throw new Error(
      `no benchmark ${unknown.join(", ")}; there are ${BENCHMARKS.map((b) => b.name).join(", ")}`,
    );
  const chosen = BENCHMARKS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  const peer = values.alone !== true && (await isPeerInstalled());
  if (!peer) say("Without the peer: no ratios to it.");
  const endpoint = await ensureEngine();
  await ensureTestImage(endpoint);
  dropExtraCertificates();

  const row = (...cells) =>
    say(cells.map((cell, at) => (at === 0 ? cell.padEnd(38) : cell.padStart(14))).join(" "));
  row("median of runs, seconds", "tcompose", "other", "ratio", "bar");
  for (const benchmark of chosen) {
    const tools = [OURS, ...(benchmark.against !== PEER || peer ? [benchmark.against] : [])];
    try {
      const times = await measure(benchmark, { tools, runs: Number(values.runs ?? RUNS), endpoint });
      row(...cellsOf(benchmark, times));
      if (benchmark.limits !== undefined) row(...tailOf(benchmark, times));
    } catch (error) {
      // The others are still worth measuring.
      say(`${benchmark.title}: ${error.message}`);
      process.exitCode = 1;
    }
  }
});

/** With this variable Node reads every root certificate at each start: up to 0.1 s of CPU that most machines do not pay. */
function dropExtraCertificates() {
  if (process.env.NODE_EXTRA_CA_CERTS === undefined) return;
  delete process.env.NODE_EXTRA_CA_CERTS;
  say("Measured without NODE_EXTRA_CA_CERTS, which is set here and slows down each start of Node.");
}

/** What people feel of latency is its tail. */
function tailOf({ limits, against }, times) {
  const [ours, other] = [OURS, against].map(({ name }) => {
    const values = times.get(name);
    return values === undefined ? undefined : percentile(values, 0.95);
  });
  return [
    "  95th percentile",
    ours.toFixed(3),
    other?.toFixed(3) ?? "-",
    other === undefined ? "-" : (ours / other).toFixed(2),
    limits,
  ];
}

function cellsOf({ title, bar, against }, times) {
  const ours = median(times.get(OURS.name));
  const others = times.get(against.name);
  const other = others && median(others);
  return [
    title,
    ours.toFixed(3),
    other?.toFixed(3) ?? "-",
    other === undefined ? "-" : (ours / other).toFixed(2),
    `<= ${bar} x ${against === PEER ? "peer" : "node"}`,
  ];
}
