/** Flags of V8, set while the program runs. */
import { codeCache } from "./code-cache-state.ts";

/** Characters; about 150 services. */
const LARGE = 50_000;

/**
 * Optimizing a function takes V8 longer than most runs last. Waiting for more proof that it pays takes a fifth off the
 * CPU time of `config` with 5,000 services and a quarter with 1,000. Node 20: 1.89 s to 1.48 s, 0.71 s to 0.52 s.
 * Not set for less: V8 refuses code that was compiled under other flags, also what Node brings along of its own
 * modules, and compiling that takes every run 20 ms.
 */
export function prepareForText(length: number): void {
  if (length < LARGE || codeCache.hasOtherFlags) return;
  process.getBuiltinModule("node:v8").setFlagsFromString("--interrupt-budget=1000000");
  codeCache.hasOtherFlags = true;
}
