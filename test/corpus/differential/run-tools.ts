/** Runs both tools on one case: ours in this process, the peer as a program, in the same folder. */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import type { CliContext } from "../../../cli/context.ts";
import type { Output } from "../../../cli/output.ts";
import { runCli } from "../../../cli/run.ts";
import type { PeerCase } from "./peer-case.ts";

export interface Outcome {
  readonly accepted: boolean;
  readonly out: string;
  readonly err: string;
}

const TIMEOUT = 30_000;
let serial = 0;

/** Runs `config` of the peer. */
export type Peer = (
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd: string,
) => Promise<Outcome>;

/** Below `root`, deep enough for paths that lead upwards. */
export async function runBoth(
  one: PeerCase,
  root: string,
  askPeer: Peer = runPeer,
): Promise<{ own: Outcome; peer: Outcome }> {
  const top = join(root, `r${(serial += 1)}`);
  const folder = join(top, "p1/p2/p3/p4/case");
  mkdirSync(join(folder, "sub"), { recursive: true });
  const home = join(root, "home");
  makeHome(home);
  for (const [name, lines] of one.files) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, lines.join("\n") + (lines.length > 0 ? "\n" : ""));
  }
  const env = { PATH: process.env["PATH"] ?? "", HOME: home, ...one.env };
  const argv = [...one.args, "config", ...one.flags];
  const peer = askPeer(argv, env, folder);
  const own = await oneByOne(() => runOwn(argv, env, folder, home));
  const result = { own: comparable(own, one), peer: comparable(await peer, one) };
  rmSync(top, { recursive: true, force: true });
  return result;
}

/** Lists of names that the peer prints in the order of a Go map. */
const UNORDERED = new Set(["--services", "--volumes", "--networks", "--models", "--images", "--environment"]);

function comparable(outcome: Outcome, { flags }: PeerCase): Outcome {
  if (!flags.some((flag) => UNORDERED.has(flag))) return outcome;
  const lines = outcome.out.split("\n").filter((line) => !line.startsWith("DOCKER_CLI_PLUGIN_"));
  return { ...outcome, out: lines.sort().join("\n") };
}

/** Made up, so that `~` is the same for both; the peer's programs are found from it. */
function makeHome(home: string): void {
  if (existsSync(home)) return;
  mkdirSync(home);
  const docker = join(homedir(), ".docker");
  if (existsSync(docker)) symlinkSync(docker, join(home, ".docker"));
}

let lastOwn: Promise<unknown> = Promise.resolve();

/** A process has one working directory. */
function oneByOne<T>(task: () => Promise<T>): Promise<T> {
  const next = lastOwn.then(task);
  lastOwn = next;
  return next;
}

async function runOwn(
  argv: string[],
  env: Record<string, string>,
  cwd: string,
  home: string,
): Promise<Outcome> {
  const out: string[] = [];
  const err: string[] = [];
  const context = {
    argv,
    env,
    cwd,
    home,
    stdout: output(out),
    stderr: output(err),
    now: Date.now,
    interrupts: { exitCode: () => undefined },
  };
  process.chdir(cwd);
  try {
    const code = await runCli(context as unknown as CliContext);
    return { accepted: code === 0, out: out.join(""), err: err.join("") };
  } catch (error) {
    return { accepted: false, out: "", err: `CRASH ${String((error as Error).stack)}` };
  } finally {
    process.chdir("/");
  }
}

function output(texts: string[]): Output {
  return {
    isTTY: false,
    columns: () => undefined,
    rows: () => undefined,
    write: (text) => void texts.push(String(text)),
    onResize: () => () => undefined,
    flush: () => Promise.resolve(),
    isCongested: () => false,
    ready: () => Promise.resolve(),
  };
}

function runPeer(
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd: string,
): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn("nice", ["-n", "10", "docker", "compose", ...argv], {
      cwd,
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on("data", (data: Buffer) => out.push(data));
    child.stderr.on("data", (data: Buffer) => err.push(data));
    const timer = setTimeout(() => child.kill("SIGKILL"), TIMEOUT);
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve({
        accepted: code === 0,
        out: Buffer.concat(out).toString(),
        err: Buffer.concat(err).toString(),
      });
    });
  });
}
