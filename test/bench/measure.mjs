/** One benchmark: pairs of runs, one tool after the other, so that both see the same weather. */
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { DOWN, UP } from "./benchmarks.mjs";
import { OURS, time } from "./tools.mjs";

/**
 * @param {typeof import("./benchmarks.mjs").BENCHMARKS[number]} benchmark
 * @param {{tools: readonly any[], runs: number, endpoint?: string}} options
 * @returns {Promise<Map<string, number[]>>} seconds by the tool's name
 */
export async function measure(benchmark, { tools, runs, endpoint }) {
  if (benchmark.sample !== undefined) return sampleAll(benchmark, { tools, endpoint });
  // What runs already is one stack for both tools, each of which finds nothing to change in the other's: a second one
  // would cost the machine its health checks, too.
  const shared = benchmark.before === UP ? makeStack(benchmark) : undefined;
  const places = tools.map((tool) => ({ tool, cwd: shared ?? makeStack(benchmark), times: [] }));
  try {
    for (let run = 0; run < runs; run += 1) {
      const order = run % 2 === 0 ? places : places.toReversed();
      for (const { tool, cwd, times } of order) {
        if (benchmark.before === DOWN) await clear({ cwd, endpoint });
        else if (benchmark.before !== undefined) await time(tool, benchmark.before, { cwd, endpoint });
        benchmark.change?.(cwd);
        times.push(await time(tool, benchmark.args, { cwd, endpoint }));
        // One stack at a time: what the other tool left running would be in the way.
        if (benchmark.args[0] === "up" && benchmark.before === DOWN) await clear({ cwd, endpoint });
      }
    }
  } finally {
    for (const cwd of new Set(places.map((place) => place.cwd))) {
      if (benchmark.before !== undefined) await clear({ cwd, endpoint });
      if (benchmark.files !== undefined) await removeOldImages(endpoint, basename(cwd));
      rmSync(cwd, { recursive: true, force: true });
    }
  }
  return new Map(places.map(({ tool, times }) => [tool.name, times]));
}

/** What is not timed is done by one tool for both: the other one sometimes fails to take down fifty containers. */
function clear(where) {
  return time(OURS, [...DOWN, "--rmi", "local"], where);
}

/** A build that gives its name to a new image leaves the old one without a name. */
async function removeOldImages(endpoint, project) {
  const filters = { dangling: ["true"], label: [`com.docker.compose.project=${project}`] };
  const path = `/images/prune?filters=${encodeURIComponent(JSON.stringify(filters))}`;
  const socketPath = (endpoint ?? "unix:///var/run/docker.sock").replace(/^unix:\/\//, "");
  await new Promise((done, fail) => {
    const call = request({ method: "POST", path, socketPath }, (answer) => answer.resume().on("end", done));
    call.on("error", fail).end();
  });
}

/** Each tool's own sampling, one after the other. */
async function sampleAll({ sample }, { tools, endpoint }) {
  const times = new Map();
  for (const tool of tools) {
    const cwd = realpathSync(mkdtempSync(join(tmpdir(), "tct-bench-")));
    try {
      times.set(tool.name, await sample(tool, { cwd, endpoint }));
    } finally {
      await time(tool, DOWN, { cwd, endpoint });
      rmSync(cwd, { recursive: true });
    }
  }
  return times;
}

/** A directory of its own for each tool: its name is the project's. */
function makeStack({ stack, files }) {
  const cwd = mkdtempSync(join(tmpdir(), "tct-bench-"));
  writeFileSync(join(cwd, "compose.yaml"), stack());
  files?.(cwd);
  return cwd;
}

/** @param {readonly number[]} values */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** @param {readonly number[]} values @param {number} share of them that are not larger */
export function percentile(values, share) {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * share) - 1];
}
