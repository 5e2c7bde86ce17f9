/**
 * `npm test`: everything, from a fresh clone. Ends with one line, `N passed, N failed`.
 * `npm test -- unit scenarios` runs only the parts named: checks, unit, contract, scenarios.
 */
import process from "node:process";
import { ensureEngine, ensureRegistryProgram } from "../../../examples/demo/engine.mjs";
import { ensurePackages } from "../../../examples/demo/packages.mjs";
import { runScript, say } from "../../../examples/demo/say.mjs";
import { buildCli, TOP } from "../../../examples/demo/stack.mjs";
import { listLeftovers } from "../machine/leftovers.mjs";
import { ensureTestImage } from "../machine/test-image.mjs";
import { CHECKS, runCheck } from "./checks.mjs";
import { runSuites } from "./suites.mjs";

const PARTS = ["checks", "unit", "contract", "scenarios"];

await runScript(async () => {
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((part) => !PARTS.includes(part));
  if (unknown.length > 0)
    throw new Error(`unknown part: ${unknown.join(", ")}; there are ${PARTS.join(", ")}`);
  const parts = wanted.length === 0 ? PARTS : wanted;
  const results = await runParts(parts);
  const total = (key) => results.reduce((sum, result) => sum + result[key], 0);
  if (total("failed") > 0) process.exitCode = 1;
  say(`${total("passed")} passed, ${total("failed")} failed`);
});

async function runParts(parts) {
  await ensurePackages(TOP, "tcompose");
  await buildCli();
  const results = [];
  if (parts.includes("checks")) {
    for (const check of CHECKS) results.push(await runCheck(check));
  }
  // Unit tests need no engine: they report before one is looked for.
  if (parts.includes("unit")) results.push(await runSuites(["unit"]));
  const onEngine = parts.filter((part) => part === "contract" || part === "scenarios");
  if (onEngine.length > 0) results.push(...(await runOnEngine(onEngine)));
  return results;
}

async function runOnEngine(projects) {
  const endpoint = await ensureEngine();
  say(`The engine answers at ${endpoint}.`);
  await ensureTestImage(endpoint);
  await ensureRegistryProgram();
  const results = [];
  for (const project of projects) results.push(await runSuites([project], endpoint));
  const leftovers = await listLeftovers(endpoint);
  for (const leftover of leftovers) say(`FAIL left behind: ${leftover}`);
  results.push({ passed: leftovers.length === 0 ? 1 : 0, failed: leftovers.length });
  return results;
}
