/** Child processes: shown as they run, or captured. */
import { spawn } from "node:child_process";
import process from "node:process";

/**
 * Runs a command with its output on the terminal.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import("node:child_process").SpawnOptions} [options]
 * @returns {Promise<void>} rejects when it fails
 */
export async function run(command, args, options = {}) {
  const { code, output } = await finish(command, args, {
    stdio: ["ignore", "inherit", "inherit"],
    ...options,
  });
  if (code !== 0)
    throw new Error(`${[command, ...args].join(" ")} failed with exit code ${code}${tail(output)}`);
}

/**
 * Runs a command silently; its output is shown only when it fails.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import("node:child_process").SpawnOptions} [options]
 */
export async function runQuietly(command, args, options = {}) {
  await run(command, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
}

/**
 * Runs a command and hands back what it printed, whatever the exit code.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import("node:child_process").SpawnOptions} [options]
 * @returns {Promise<{code: number, output: string}>} code 127: there is no such command
 */
export function finish(command, args, options = {}) {
  return new Promise((done) => {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (output += chunk));
    child.on("error", (error) => done({ code: error.code === "ENOENT" ? 127 : 126, output: error.message }));
    child.on("close", (code, signal) => done({ code: code ?? (signal === null ? 1 : 128), output }));
  });
}

function tail(output) {
  const lines = output.trimEnd().split("\n").slice(-15);
  return output === "" ? "" : `:\n${lines.join("\n")}`;
}

/** The npm that belongs to this node, also where `npm` is a `.cmd` file. */
export function npmCommand() {
  const script = process.env.npm_execpath;
  if (script !== undefined && /\.c?js$/.test(script)) return { command: process.execPath, args: [script] };
  return process.platform === "win32"
    ? { command: "npm.cmd", args: [], shell: true }
    : { command: "npm", args: [] };
}
