/**
 * Watch mode: a save on the host until the changed content is inside the container. The container's files are read
 * through /proc/PID/root, so that looking costs neither tool anything; needs root on the engine's own machine.
 */
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as pause } from "node:timers/promises";
import { call } from "../../examples/demo/engine-api.mjs";
import { TEST_IMAGE } from "../support/machine/test-image.mjs";

const EDITS = 40;
/** Longer than the peer's own quiet time. */
const BETWEEN_MS = 700;
const GIVE_UP_MS = 60_000;
const INSIDE = "/app/src";

const stack = JSON.stringify({
  services: {
    app: {
      build: ".",
      stop_signal: "SIGKILL",
      develop: { watch: [{ action: "sync", path: "./src", target: INSIDE }] },
    },
  },
});
const WITH_SHELL = `FROM ${TEST_IMAGE}\nCOPY src ${INSIDE}\nCMD ["sleep", "infinity"]\n`;
const WITHOUT_SHELL = `FROM ${TEST_IMAGE} AS tools\nFROM scratch\nCOPY --from=tools /bin/busybox /busybox\nCOPY src ${INSIDE}\nCMD ["/busybox", "sleep", "infinity"]\n`;

/** Seconds of each edit of one file. */
export function sampleLatency({ hasShell }) {
  return (tool, where) =>
    watching(tool, where, { dockerfile: hasShell ? WITH_SHELL : WITHOUT_SHELL }, async ({ root }) => {
      const times = [];
      for (let edit = 0; edit <= EDITS; edit += 1) {
        const seconds = await saveAndWait(where.cwd, root, ["file"], `edit ${edit} of ${Date.now()}`);
        // The first one opens what is kept open from then on.
        if (edit > 0) times.push(seconds);
        await pause(BETWEEN_MS);
      }
      return times;
    });
}

/** Seconds until all of `count` files, written at once, have arrived; three times. */
export function sampleBurst(count) {
  const names = Array.from({ length: count }, (_, index) => `d${index % 100}/f${index}`);
  return (tool, where) =>
    watching(tool, where, { dockerfile: WITH_SHELL, folders: 100 }, async ({ root }) => {
      const times = [];
      for (let round = 0; round < 3; round += 1) {
        times.push(await saveAndWait(where.cwd, root, names, `round ${round} of ${Date.now()}`));
        await pause(BETWEEN_MS * 2);
      }
      return times;
    });
}

/**
 * A tool that watches, from its readiness to its end.
 * @param {{command: string, args: readonly string[], name: string}} tool
 * @param {{cwd: string, endpoint?: string}} where
 * @param {{dockerfile?: string, folders?: number}} files
 * @param {(watched: {root: string, pid: number}) => Promise<T>} work `root`: the container's files, seen from the host
 * @returns {Promise<T>}
 * @template T
 */
export async function watching(tool, { cwd, endpoint }, { dockerfile = WITH_SHELL, folders = 0 }, work) {
  mkdirSync(join(cwd, "src"), { recursive: true });
  writeFileSync(join(cwd, "compose.yaml"), stack);
  writeFileSync(join(cwd, "Dockerfile"), dockerfile);
  writeFileSync(join(cwd, "src/file"), "before");
  for (let index = 0; index < folders; index += 1) mkdirSync(join(cwd, `src/d${index}`), { recursive: true });
  const env = endpoint === undefined ? process.env : { ...process.env, DOCKER_HOST: endpoint };
  const child = spawn(tool.command, [...tool.args, "watch"], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise((done) => child.once("close", done));
  try {
    await readiness(child, tool.name);
    const pid = child.pid ?? 0;
    return await work({ root: await rootOf(cwd, endpoint), pid });
  } finally {
    child.kill("SIGINT");
    await ended;
  }
}

/** @returns {Promise<number>} seconds from the last write, which takes its own time, until every file is there */
export async function saveAndWait(cwd, root, names, text) {
  for (const name of names.slice(0, -1)) writeFileSync(join(cwd, "src", name), text);
  const from = performance.now();
  for (const name of names.slice(-1)) writeFileSync(join(cwd, "src", name), text);
  for (const name of names) {
    while (contentOf(join(root, INSIDE, name)) !== text) {
      if (performance.now() - from > GIVE_UP_MS) throw new Error(`${name} did not arrive`);
      await pause(1);
    }
  }
  return (performance.now() - from) / 1000;
}

function contentOf(path) {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}

function readiness(child, name) {
  return new Promise((done, fail) => {
    let output = "";
    const hear = (data) => {
      output = (output + data).slice(-5000);
      if (/^watch app: |Watch enabled/m.test(output)) done();
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.once("error", fail);
    child.once("close", () => fail(new Error(`${name} watch ended:\n${output}`)));
  });
}

async function rootOf(cwd, endpoint) {
  const filters = JSON.stringify({ label: [`com.docker.compose.project.working_dir=${cwd}`] });
  const list = await call(endpoint, { path: `/containers/json?filters=${encodeURIComponent(filters)}` });
  const [container] = JSON.parse(list.text);
  const { text } = await call(endpoint, { path: `/containers/${container.Id}/json` });
  return `/proc/${JSON.parse(text).State.Pid}/root`;
}
