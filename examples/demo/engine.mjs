/** Makes sure that a container engine answers; installs and starts one where that is possible without asking. */
import { spawn } from "node:child_process";
import { existsSync, openSync, readFileSync } from "node:fs";
import process from "node:process";
import { setTimeout as wait } from "node:timers/promises";
import { findEngine, listEndpoints } from "./engine-api.mjs";
import { finish, runQuietly } from "./run.mjs";
import { NeedsPerson, say } from "./say.mjs";

const DAEMON_LOG = "/var/log/tcompose-demo-dockerd.log";
const START_ATTEMPTS = 150;
const ATTEMPT_PAUSE_MS = 200;

/** @returns {Promise<string>} the endpoint of an engine that answers */
export async function ensureEngine() {
  const found = await findEngine();
  if (found !== undefined) return found;
  if (!canInstall()) throw new NeedsPerson(explainAbsence());
  await installPackages();
  return startDaemon();
}

function canInstall() {
  const explicit = Boolean(process.env.DOCKER_HOST);
  return (
    process.platform === "linux" && !explicit && process.getuid?.() === 0 && existsSync("/etc/debian_version")
  );
}

function explainAbsence() {
  const tried = listEndpoints().map((endpoint) => `  ${endpoint}`);
  return [`No container engine answers. Tried:`, ...tried, ``, `What is missing: ${missingThing()}`].join(
    "\n",
  );
}

function missingThing() {
  if (process.env.DOCKER_HOST)
    return `an engine at DOCKER_HOST (${process.env.DOCKER_HOST}), or unset that variable.`;
  if (process.platform === "darwin" || process.platform === "win32") {
    return "Docker Desktop (https://docs.docker.com/get-docker/). Install and start it, then run this again.";
  }
  if (existsSync("/etc/debian_version"))
    return "Docker Engine: sudo apt-get install docker.io, then run this again.";
  return "Docker Engine (https://docs.docker.com/engine/install/). Install and start it, then run this again.";
}

async function installPackages() {
  if (
    (await finish("dockerd", ["--version"])).code === 0 &&
    (await finish("iptables", ["--version"])).code === 0
  )
    return;
  say("No container engine here: installing Docker from the distribution's packages (docker.io, iptables).");
  await aptInstall(["docker.io", "iptables"]);
}

/** A registry for tests of pull and push; where it cannot be installed they are left out. */
export async function ensureRegistryProgram() {
  // With `ip` a mirror can be put beside an engine of its own.
  const answers = await Promise.all([finish("docker-registry", ["--version"]), finish("ip", ["-Version"])]);
  if (answers.every(({ code }) => code === 0)) return;
  if (!canInstall()) {
    say("There is no docker-registry program: tests of pull and push are left out.");
    return;
  }
  say("Installing docker-registry for tests of pull and push.");
  await aptInstall(["docker-registry", "iproute2"]);
}

/**
 * Installs Debian packages without questions.
 * @param {readonly string[]} packages
 */
export async function aptInstall(packages) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  await runQuietly("apt-get", ["-qq", "update"], { env });
  await runQuietly("apt-get", ["-qq", "install", "-y", "--no-install-recommends", ...packages], { env });
}

async function startDaemon() {
  // Where an init system runs, the package has started the daemon, or starts it on request.
  if (existsSync("/run/systemd/system")) await finish("systemctl", ["start", "docker"]);
  const running = await findEngine();
  if (running !== undefined) return running;
  say(`Starting the Docker daemon in the background (its log: ${DAEMON_LOG}).`);
  const log = openSync(DAEMON_LOG, "a");
  const daemon = spawn("dockerd", [], { detached: true, stdio: ["ignore", log, log] });
  daemon.on("error", () => {}); // Seen below: nothing answers.
  daemon.unref();
  for (let attempt = 0; attempt < START_ATTEMPTS; attempt += 1) {
    await wait(ATTEMPT_PAUSE_MS);
    const endpoint = await findEngine();
    if (endpoint !== undefined) return endpoint;
    if (daemon.exitCode !== null) break;
  }
  const lines = readFileSync(DAEMON_LOG, "utf8").trimEnd().split("\n").slice(-8);
  throw new NeedsPerson(`The Docker daemon does not start. The end of ${DAEMON_LOG}:\n${lines.join("\n")}`);
}
