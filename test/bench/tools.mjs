/** What is measured: tcompose, the peer where it is installed, and a bare node as the floor of any start. */
import { execFile } from "node:child_process";
import { join, resolve } from "node:path";
import { finish } from "../../examples/demo/run.mjs";

const CLI = join(resolve(import.meta.dirname, "../.."), "dist/cli/main.js");

export const OURS = { name: "tcompose", command: process.execPath, args: [CLI] };
export const PEER = { name: "docker compose", command: "docker", args: ["compose"] };
export const NODE = {
  name: "bare node",
  command: process.execPath,
  args: ["-e", "0"],
  ignoresArguments: true,
};

export async function isPeerInstalled() {
  return (await finish(PEER.command, [...PEER.args, "version"])).code === 0;
}

/**
 * Runs a tool once. Its output goes nowhere.
 * @param {{command: string, args: readonly string[], ignoresArguments?: boolean, name: string}} tool
 * @param {readonly string[]} args
 * @param {{cwd: string, endpoint?: string}} where
 * @returns {Promise<number>} wall time in seconds
 */
export function time(tool, args, { cwd, endpoint }) {
  const env = endpoint === undefined ? process.env : { ...process.env, DOCKER_HOST: endpoint };
  return new Promise((done, fail) => {
    const all = tool.ignoresArguments === true ? tool.args : [...tool.args, ...args];
    const from = process.hrtime.bigint();
    const child = execFile(tool.command, all, { cwd, env, maxBuffer: 1024, encoding: "buffer" }, () => {});
    // Read and dropped here: the buffers of execFile are not part of what is measured.
    child.stdout.removeAllListeners("data").resume();
    let errors = "";
    child.stderr.removeAllListeners("data").on("data", (chunk) => (errors = (errors + chunk).slice(-2000)));
    child.on("error", fail);
    child.on("close", (code) => {
      const seconds = Number(process.hrtime.bigint() - from) / 1e9;
      if (code === 0) done(seconds);
      else fail(new Error(`${tool.name} ${args.join(" ")} failed with exit code ${code}:\n${errors}`));
    });
  });
}
