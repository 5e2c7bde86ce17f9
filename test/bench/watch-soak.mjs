/**
 * A day of watching in a minute: `node test/bench/watch-soak.mjs [edits]`. Prints memory by tenths (resident, and what
 * the heap still holds after its garbage is collected), kernel watches and open files after the first hundred edits and
 * after the last, and the processor time that idling costs.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as pause } from "node:timers/promises";
import { ensureEngine } from "../../examples/demo/engine.mjs";
import { runScript, say } from "../../examples/demo/say.mjs";
import { ensureTestImage } from "../support/machine/test-image.mjs";
import { median } from "./measure.mjs";
import { OURS, time } from "./tools.mjs";
import { saveAndWait, watching } from "./watch.mjs";

const EDITS = Number(process.argv[2] ?? 2_000);
const IDLE_MS = 10_000;
const PROBE = join(import.meta.dirname, "heap-probe.mjs");

await runScript(async () => {
  const endpoint = await ensureEngine();
  await ensureTestImage(endpoint);
  const cwd = mkdtempSync(join(tmpdir(), "tct-soak-"));
  const heapFile = join(cwd, "heap");
  process.env.HEAP_PROBE_FILE = heapFile;
  const tool = { ...OURS, args: ["--expose-gc", "--import", PROBE, ...OURS.args] };
  try {
    await watching(tool, { cwd, endpoint }, {}, async ({ root, pid }) => {
      const times = [];
      const memory = [];
      const heap = [];
      let early = "";
      for (let edit = 0; edit < EDITS; edit += 1) {
        times.push(await saveAndWait(cwd, root, ["file"], `edit ${edit}`));
        memory.push(memoryOf(pid));
        if (edit === 99) early = handlesOf(pid);
        if ((edit + 1) % Math.ceil(EDITS / 10) === 0) heap.push(await heapOf(pid, heapFile));
      }
      const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
      const [first, last] = [mean(memory.slice(0, 100)), mean(memory.slice(-100))];
      say(`${EDITS} edits, median ${(median(times) * 1000).toFixed(1)} ms until the content was inside`);
      const tenths = Array.from({ length: 10 }, (_, at) =>
        memory.slice((at * EDITS) / 10, ((at + 1) * EDITS) / 10),
      );
      say(`memory: ${first.toFixed(1)} MB in the first hundred, ${last.toFixed(1)} MB in the last`);
      say(`by tenths: ${tenths.map((tenth) => mean(tenth).toFixed(0)).join(" ")}`);
      say(`heap after collecting garbage, by tenths: ${heap.join(" ")} MB`);
      say(`after 100 edits: ${early}; at the end: ${handlesOf(pid)}`);
      const before = processorTicks(pid);
      await pause(IDLE_MS);
      say(`idle: ${((processorTicks(pid) - before) * 10_000) / IDLE_MS} ms of processor time a second`);
    });
  } finally {
    await time(OURS, ["down", "-v", "-t", "0", "--rmi", "local"], { cwd, endpoint });
    rmSync(cwd, { recursive: true });
  }
});

/** In MB. */
async function heapOf(pid, file) {
  rmSync(file, { force: true });
  process.kill(pid, "SIGUSR2");
  while (!existsSync(file) || readFileSync(file, "utf8") === "") await pause(5);
  return readFileSync(file, "utf8");
}

function memoryOf(pid) {
  const [, kilobytes] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kilobytes) / 1024;
}

function handlesOf(pid) {
  const files = readdirSync(`/proc/${pid}/fdinfo`);
  const watches = files.reduce((sum, file) => sum + watchesOf(`/proc/${pid}/fdinfo/${file}`), 0);
  return `${watches} kernel watches, ${files.length} open files`;
}

function watchesOf(file) {
  try {
    return readFileSync(file, "utf8")
      .split("\n")
      .filter((line) => line.startsWith("inotify ")).length;
  } catch (error) {
    // Closed between the listing and the reading.
    if (error.code === "ENOENT") return 0;
    throw error;
  }
}

/** User and system time in hundredths of a second. */
function processorTicks(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  return Number(fields[11]) + Number(fields[12]);
}
