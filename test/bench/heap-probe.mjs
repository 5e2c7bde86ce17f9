/** Loaded into a measured program: on SIGUSR2 it collects its garbage and writes what it still holds, in MB, to a file. */
import { writeFileSync } from "node:fs";
import process from "node:process";

process.on("SIGUSR2", () => {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  writeFileSync(process.env.HEAP_PROBE_FILE ?? "", ((heapUsed + external) / 1024 / 1024).toFixed(2));
});
