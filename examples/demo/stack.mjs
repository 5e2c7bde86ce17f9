/** Where things are, and the built command line. */
import { join, resolve } from "node:path";
import process from "node:process";
import { npmCommand, run, runQuietly } from "./run.mjs";
import { say } from "./say.mjs";

export const TOP = resolve(import.meta.dirname, "../..");
export const GUESTBOOK = join(TOP, "examples/guestbook");
const CLI = join(TOP, "dist/cli/main.js");

export async function buildCli() {
  say("Building tcompose.");
  const { command, args, shell } = npmCommand();
  await runQuietly(command, [...args, "run", "build"], { cwd: TOP, ...(shell && { shell }) });
}

/**
 * Runs tcompose with its output on the terminal.
 * @param {readonly string[]} args
 * @param {{endpoint?: string, cwd?: string}} [options]
 */
export async function tcompose(args, { endpoint, cwd = GUESTBOOK } = {}) {
  say(`$ tcompose ${args.join(" ")}`);
  await run(process.execPath, [CLI, ...args], { cwd, env: environment(endpoint) });
}

function environment(endpoint) {
  return endpoint === undefined ? process.env : { ...process.env, DOCKER_HOST: endpoint };
}
