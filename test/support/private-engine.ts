/**
 * A Docker daemon for one test file alone, which may stop it, kill it and fill its disk. It has a data folder, a socket,
 * container namespaces and a network namespace of its own: a daemon without a default bridge removes the one it finds,
 * which would be that of the machine's engine.
 */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, statfs, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { call } from "../../examples/demo/engine-api.mjs";
import { ensureTestImage } from "./machine/test-image.mjs";

const START_ATTEMPTS = 300;
const ATTEMPT_PAUSE_MS = 100;

export class PrivateEngine {
  /** As DOCKER_HOST takes it. */
  readonly endpoint: string;
  readonly #directory: string;
  #daemon: ChildProcess | undefined;
  /** Its network namespace is the daemon's, and outlasts it. */
  #network: ChildProcess | undefined;

  private constructor(directory: string) {
    this.#directory = directory;
    this.endpoint = `unix://${join(directory, "engine.sock")}`;
  }

  /**
   * @param diskSize of all that it stores, as mount(8) takes it
   * @param settings of the daemon, as in daemon.json
   */
  static async open(
    diskSize: string,
    settings: Readonly<Record<string, unknown>> = {},
  ): Promise<PrivateEngine> {
    const engine = new PrivateEngine(await mkdtemp(join(tmpdir(), "tct-engine-")));
    try {
      await mkdir(engine.#path("data"));
      // Instead of the machine's own settings.
      await writeFile(engine.#path("daemon.json"), JSON.stringify(settings));
      run("mount", "-t", "tmpfs", "-o", `size=${diskSize}`, "tmpfs", engine.#path("data"));
      engine.#network = await openNetwork();
      await engine.start();
      await ensureTestImage(engine.endpoint);
      return engine;
    } catch (error) {
      await engine.close();
      throw error;
    }
  }

  /** Resolves when it answers. */
  async start(): Promise<void> {
    const log = openSync(this.#path("log"), "a");
    const name = this.#directory.split("/").at(-1) ?? "";
    const [enter = "", ...network] = this.inItsNetwork;
    const daemon = spawn(
      enter,
      [
        ...network,
        "dockerd",
        `--host=${this.endpoint}`,
        `--data-root=${this.#path("data")}`,
        `--exec-root=${this.#path("run")}`,
        `--pidfile=${this.#path("pid")}`,
        `--config-file=${this.#path("daemon.json")}`,
        `--containerd-namespace=${name}`,
        `--containerd-plugins-namespace=${name}-plugins`,
        "--bridge=none",
        "--iptables=false",
        "--ip6tables=false",
        "--ip-forward=false",
        "--default-address-pool=base=10.213.128.0/18,size=24",
      ],
      { stdio: ["ignore", log, log] },
    );
    closeSync(log);
    this.#daemon = daemon;
    for (let attempt = 0; attempt < START_ATTEMPTS; attempt += 1) {
      if (await this.#answers()) return;
      if (daemon.exitCode !== null) break;
      await pause(ATTEMPT_PAUSE_MS);
    }
    throw new Error(`the daemon does not start:\n${readFileSync(this.#path("log"), "utf8").slice(-2000)}`);
  }

  /** SIGTERM: containers are stopped first. SIGKILL: they go on without it. */
  async stop(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    const daemon = this.#daemon;
    if (daemon === undefined || daemon.exitCode !== null || daemon.signalCode !== null) return;
    const ended = new Promise((done) => {
      daemon.once("exit", done);
    });
    daemon.kill(signal);
    await ended;
    // A killed daemon leaves its helper, and files with numbers that the next one takes for processes that run.
    await this.#endHelper();
    await rm(this.#path("pid"), { force: true });
  }

  async #endHelper(): Promise<void> {
    const file = this.#path("run/containerd/containerd.pid");
    const pid = Number(await readFile(file, "utf8").catch(() => "0"));
    if (pid === 0) return;
    // The number may be another process's by now.
    while ((await commandOf(pid)).includes(this.#directory)) {
      signalIfThere(pid);
      await pause(ATTEMPT_PAUSE_MS);
    }
    await rm(file);
  }

  /** What to put in front of a program, so that it is where the daemon's loopback is. */
  get inItsNetwork(): readonly string[] {
    return ["nsenter", `--net=/proc/${this.#network?.pid ?? 0}/ns/net`];
  }

  /** Leaves no more of its disk free than `rest` bytes. */
  async fillDisk(rest = 0): Promise<void> {
    const { bavail, bsize } = await statfs(this.#path("data"));
    await writeFile(this.#path("data/filler"), Buffer.alloc(Math.max(0, bavail * bsize - rest)));
  }

  /** Sets back when an image was last pulled or tagged: the daemon's own note, which it reads each time. */
  async ageImage(id: string, hours: number): Promise<void> {
    const date = new Date(Date.now() - hours * 3_600_000).toISOString();
    const folder = this.#path(`data/image/overlay2/imagedb/metadata/sha256/${id.replace("sha256:", "")}`);
    await writeFile(join(folder, "lastUpdated"), date);
  }

  async freeDisk(): Promise<void> {
    await rm(this.#path("data/filler"));
  }

  /** Ends everything that it started and removes what it stored. */
  async close(): Promise<void> {
    await this.stop("SIGTERM");
    await this.#endHelper();
    this.#network?.kill("SIGKILL");
    const mounted = readFileSync("/proc/self/mounts", "utf8")
      .split("\n")
      .map((line) => line.split(" ")[1] ?? "")
      .filter((path) => path.startsWith(`${this.#directory}/`));
    for (const path of mounted.toReversed()) run("umount", "--lazy", path);
    await rm(this.#directory, { recursive: true, force: true });
  }

  async #answers(): Promise<boolean> {
    try {
      return (await call(this.endpoint, { path: "/_ping", idleMs: 5_000 })).status === 200;
    } catch {
      return false;
    }
  }

  #path(name: string): string {
    return join(this.#directory, name);
  }
}

/** A process that does nothing in a network namespace of its own. */
async function openNetwork(): Promise<ChildProcess> {
  const holder = spawn("unshare", ["--net", "sh", "-c", "ip link set lo up; echo; exec sleep infinity"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  // The line comes from inside.
  await new Promise<void>((resolve, reject) => {
    holder.stdout.once("data", () => resolve());
    holder.once("error", reject);
    holder.once("exit", () => reject(new Error("no network namespace could be made")));
  });
  holder.removeAllListeners("exit");
  return holder;
}

async function commandOf(pid: number): Promise<string> {
  return readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
}

function signalIfThere(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function run(program: string, ...args: readonly string[]): void {
  const { status, stderr } = spawnSync(program, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ${stderr}`);
}
