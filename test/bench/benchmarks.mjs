/**
 * What is measured. `before` puts the engine into the state that a run starts from and is not timed; `bar` is the
 * ratio to the other tool that we want to stay under. `files` fills the directory, `change` changes it before each run.
 * `sample` takes all times of one tool itself, where they are not those of a command; `limits` says what it must not
 * exceed, and has the 95th percentile shown.
 */
import { copyAll, copyOne, ignored, nodeService } from "./builds.mjs";
import { buildBesideDatabase, chains, healthyChain, largeFile, writers } from "./stacks.mjs";
import { NODE, PEER } from "./tools.mjs";
import { sampleBurst, sampleLatency } from "./watch.mjs";

export const UP = ["up", "-d"];
/** What was built goes, too: the next run builds again. */
const DOWN = ["down", "-v", "-t", "0", "--rmi", "local"];

export const BENCHMARKS = [
  { name: "up-1", title: "up, 1 service", stack: () => chains(1, 1), before: DOWN, args: UP, bar: 0.9 },
  {
    name: "up-50",
    title: "up, 50 services, chains of 10",
    stack: () => chains(50, 10),
    before: DOWN,
    args: UP,
    bar: 0.9,
  },
  {
    name: "noop-50",
    title: "up, no change, 50 services",
    stack: () => chains(50, 10),
    before: UP,
    args: UP,
    bar: 1,
  },
  {
    name: "chain-10",
    title: "up, 10-deep healthy chain",
    stack: () => healthyChain(10),
    before: DOWN,
    args: UP,
    bar: 0.5,
  },
  {
    name: "noop-chain-10",
    title: "up, no change, 10-deep healthy chain",
    stack: () => healthyChain(10),
    before: UP,
    args: UP,
    bar: 0.05,
  },
  {
    name: "build-beside-database",
    title: "build 4 s, database healthy after 4 s",
    stack: buildBesideDatabase,
    before: DOWN,
    args: UP,
    bar: 0.6,
  },
  {
    name: "config-small",
    title: "config, 3 services",
    stack: () => largeFile(3),
    args: ["config", "-q"],
    bar: 1.2,
  },
  {
    name: "config-1000",
    title: "config, 1,000 services",
    stack: () => largeFile(1000),
    args: ["config", "-q"],
    bar: 0.5,
  },
  {
    name: "config-5000",
    title: "config, 5,000 services",
    stack: () => largeFile(5000),
    args: ["config", "-q"],
    bar: 0.5,
  },
  {
    name: "logs",
    title: "logs, 2 x 500,000 lines",
    stack: () => writers(500_000),
    before: [...UP, "--wait"],
    args: ["logs"],
    bar: 0.7,
  },
  {
    name: "watch",
    title: "watch, save to content inside",
    sample: sampleLatency({ hasShell: true }),
    bar: 0.1,
    limits: "median 20, 95th 60 ms",
  },
  {
    name: "watch-no-shell",
    title: "watch, the same, image without a shell",
    sample: sampleLatency({ hasShell: false }),
    bar: 0.3,
    limits: "median 150 ms",
  },
  { name: "watch-5000", title: "watch, 5,000 files at once", sample: sampleBurst(5000), bar: 0.5 },
  { name: "build-all", title: "build, COPY of 20,000 files, 1 changed", ...copyAll, bar: 0.4 },
  { name: "build-one", title: "build, COPY of 20 of them, 1 changed", ...copyOne, bar: 0.4 },
  { name: "build-ignored", title: "build, the changed file is ignored", ...ignored, bar: 0.4 },
  { name: "build-node", title: "build, Node service, source changed", ...nodeService, bar: 0.4 },
  { name: "help", title: "--help", stack: () => chains(1, 1), args: ["--help"], against: NODE, bar: 1.6 },
  {
    name: "version",
    title: "version",
    stack: () => chains(1, 1),
    args: ["version", "--short"],
    against: NODE,
    bar: 1.6,
  },
].map((benchmark) => ({ against: PEER, ...benchmark }));

export { DOWN };
