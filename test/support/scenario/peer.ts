/** `docker compose`, where it is installed: scenarios compare with it, and hand stacks over to it and back. */
import { execFile, execFileSync } from "node:child_process";
import { promisify } from "node:util";
import { ENGINE } from "./engine-socket.ts";

const run = promisify(execFile);

/** Whether it is there in a version whose labels ours equal. */
export const hasPeer: boolean = (() => {
  try {
    return /^v?2\./.test(execFileSync("docker", ["compose", "version", "--short"], { encoding: "utf8" }));
  } catch {
    return false;
  }
})();

export class Peer {
  readonly #project: string;
  readonly #cwd: string;

  constructor(project: string, cwd: string) {
    this.#project = project;
    this.#cwd = cwd;
  }

  /** Both streams; rejects with them when it fails. */
  async ok(...args: string[]): Promise<string> {
    const env = { PATH: process.env["PATH"], HOME: process.env["HOME"], DOCKER_HOST: ENGINE };
    const { stdout, stderr } = await run("docker", ["compose", "-p", this.#project, ...args], {
      cwd: this.#cwd,
      env,
    });
    return stdout + stderr;
  }
}
