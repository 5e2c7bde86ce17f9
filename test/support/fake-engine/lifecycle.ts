/** Start, stop, kill, pause, exit, restart policy and health of fake containers. */
import type { HealthConfig } from "../../../engine/docker/types.ts";
import type { Behaviour } from "./behaviour.ts";
import { emitContainer } from "./emit.ts";
import { emitNetworkEvent, joinNetworks, needNetworks } from "./networks.ts";
import { allocatePorts } from "./ports.ts";
import type { FakeContainer } from "./records.ts";
import { isUp, needContainer, refuse, type World } from "./world.ts";

export function startContainer(world: World, reference: string): void {
  const operation = `POST /containers/${reference}/start`;
  const container = needContainer(world, reference, operation);
  if (container.status === "paused") {
    throw refuse(500, operation, "cannot start a paused container, try unpause instead");
  }
  if (isUp(container)) return;
  const behaviour = world.behaviours.for(container);
  try {
    needNetworks(world, container, operation);
    needPeer(world, container, operation);
    if (behaviour.startError !== undefined) throw refuse(500, operation, behaviour.startError);
    container.ports = allocatePorts(world, container, operation);
  } catch (error) {
    container.exitCode = 128;
    container.error = error instanceof Error ? error.message : String(error);
    throw error;
  }
  container.stopped = false;
  begin(world, container, behaviour);
}

/** Whose network it shares. */
function needPeer(world: World, { body }: FakeContainer, operation: string): void {
  const mode = body.HostConfig.NetworkMode ?? "";
  if (!mode.startsWith("container:")) return;
  const peer = needContainer(world, mode.slice("container:".length), operation);
  if (isUp(peer)) return;
  throw refuse(409, operation, `cannot join network of a non running container: ${peer.id}`);
}

export function stopContainer(world: World, reference: string): Promise<void> {
  const container = needContainer(world, reference, `POST /containers/${reference}/stop`);
  return stop(world, container);
}

export async function restartContainer(world: World, reference: string): Promise<void> {
  const container = needContainer(world, reference, `POST /containers/${reference}/restart`);
  await stop(world, container);
  startContainer(world, container.id);
  emitContainer(world, container, "restart");
}

export function killContainer(world: World, reference: string, signal: string): void {
  const operation = `POST /containers/${reference}/kill`;
  const container = needContainer(world, reference, operation);
  if (!isUp(container)) {
    const message = `Cannot kill container: ${reference}: Container ${container.id} is not running`;
    throw refuse(409, operation, message);
  }
  const number = signalNumber(signal);
  emitContainer(world, container, "kill", { signal: String(number) });
  const { onStop } = world.behaviours.for(container);
  if (number === 9) end(world, container, 137);
  else if (FATAL.has(number) && onStop !== "ignore") end(world, container, onStop ?? 128 + number);
}

export function pauseContainer(world: World, reference: string): void {
  const operation = `POST /containers/${reference}/pause`;
  const container = needContainer(world, reference, operation);
  if (container.status === "paused") {
    throw refuse(409, operation, `Container ${container.id} is already paused`);
  }
  if (!isUp(container)) throw refuse(409, operation, `Container ${container.id} is not running`);
  setStatus(world, container, "paused");
  emitContainer(world, container, "pause");
}

export function unpauseContainer(world: World, reference: string): void {
  const operation = `POST /containers/${reference}/unpause`;
  const container = needContainer(world, reference, operation);
  if (container.status !== "paused") {
    throw refuse(500, operation, `Container ${container.id} is not paused`);
  }
  setStatus(world, container, "running");
  emitContainer(world, container, "unpause");
}

/** The process has ended by itself: exit state, `die`, and what the restart policy says. */
export function exitContainer(world: World, container: FakeContainer, exitCode: number): void {
  if (!isUp(container)) return;
  end(world, container, exitCode);
  if (!shallRestart(container, exitCode)) return;
  setStatus(world, container, "restarting");
  const run = container.run;
  // The engine doubles its pause from 100 ms; one fixed pause is enough here.
  world.later(100, () => {
    if (container.run !== run || container.status !== "restarting") return;
    container.restartCount += 1;
    begin(world, container, world.behaviours.for(container));
  });
}

/** A probe result arrives. */
export function setHealth(
  world: World,
  container: FakeContainer,
  status: "starting" | "healthy" | "unhealthy",
  output = "",
): void {
  if (!isUp(container)) return;
  const before = container.health;
  const failed = status === "unhealthy";
  const time = world.now().toISOString();
  const entry = { Start: time, End: time, ExitCode: failed ? 1 : 0, Output: output };
  container.health = {
    Status: status,
    FailingStreak: failed ? (before?.FailingStreak ?? 0) + 1 : 0,
    Log: [...(before?.Log ?? []), entry].slice(-5),
  };
  if (before?.Status !== status) emitContainer(world, container, `health_status: ${status}`);
}

export function setStatus(world: World, container: FakeContainer, status: FakeContainer["status"]): void {
  container.status = status;
  world.notify();
}

/** Exit without the restart policy; answers once `die` and the network events are out. */
export function endContainer(world: World, container: FakeContainer, exitCode: number): void {
  container.run += 1;
  container.exitCode = exitCode;
  container.finishedAt = world.now();
  container.ports = {};
  setStatus(world, container, "exited");
  emitContainer(world, container, "die", { exitCode: String(exitCode) });
  for (const name of container.networks.keys()) emitNetworkEvent(world, name, "disconnect", container);
  for (const stream of container.attached) stream.push(null);
  container.attached.clear();
}

const end = endContainer;

function begin(world: World, container: FakeContainer, behaviour: Behaviour): void {
  container.run += 1;
  container.exitCode = 0;
  container.error = "";
  container.startedAt = world.now();
  joinNetworks(world, container);
  setStatus(world, container, "running");
  container.health = undefined;
  const check = container.config.Healthcheck;
  if (hasHealthCheck(check)) container.health = { Status: "starting", FailingStreak: 0, Log: [] };
  emitContainer(world, container, "start");
  const lines = (behaviour.logs ?? []).map((line) => ({ stream: "stdout" as const, text: `${line}\n` }));
  for (const { stream, text } of [...lines, ...(behaviour.output ?? [])]) {
    container.logs.push({ stream, text, time: world.now() });
  }
  world.notify();
  scheduleHealth(world, container, behaviour);
  scheduleExit(world, container, behaviour);
}

function hasHealthCheck(check: HealthConfig | undefined): boolean {
  return check?.Test !== undefined && check.Test.length > 0 && check.Test[0] !== "NONE";
}

function scheduleHealth(world: World, container: FakeContainer, behaviour: Behaviour): void {
  const result = behaviour.health ?? "healthy";
  if (container.health === undefined || result === "manual") return;
  const run = container.run;
  world.later(behaviour.healthyAfter ?? 0, () => {
    if (container.run === run) setHealth(world, container, result, behaviour.probeOutput);
  });
}

function scheduleExit(world: World, container: FakeContainer, behaviour: Behaviour): void {
  if (behaviour.exitCode === undefined) return;
  const codes = typeof behaviour.exitCode === "number" ? [behaviour.exitCode] : behaviour.exitCode;
  const code = codes[Math.min(container.restartCount, codes.length - 1)] ?? 0;
  const run = container.run;
  world.later(behaviour.exitAfter ?? 0, () => {
    if (container.run === run) exitContainer(world, container, code);
  });
}

async function stop(world: World, container: FakeContainer): Promise<void> {
  container.stopped = true;
  if (container.status === "restarting") setStatus(world, container, "exited");
  if (!isUp(container)) return;
  const { onStop, stopsAfter } = world.behaviours.for(container);
  const run = container.run;
  const signal = signalNumber(container.config.StopSignal ?? "SIGTERM");
  emitContainer(world, container, "kill", { signal: String(signal) });
  if (stopsAfter !== undefined) await new Promise<void>((resolve) => world.later(stopsAfter, resolve));
  if (container.run !== run || !isUp(container)) return;
  if (onStop === "ignore") emitContainer(world, container, "kill", { signal: "9" });
  end(world, container, onStop === "ignore" ? 137 : (onStop ?? 143));
  emitContainer(world, container, "stop");
}

function shallRestart(container: FakeContainer, exitCode: number): boolean {
  if (container.stopped) return false;
  const { Name: name, MaximumRetryCount: limit } = container.body.HostConfig.RestartPolicy ?? { Name: "no" };
  if (name === "always" || name === "unless-stopped") return true;
  if (name !== "on-failure" || exitCode === 0) return false;
  return limit === undefined || limit === 0 || container.restartCount < limit;
}

const SIGNALS: Readonly<Record<string, number>> = {
  HUP: 1,
  INT: 2,
  QUIT: 3,
  KILL: 9,
  USR1: 10,
  USR2: 12,
  TERM: 15,
  WINCH: 28,
};
/** Signals that end a process which does not handle them; HUP is left out, as servers reload on it. */
const FATAL: ReadonlySet<number> = new Set([2, 3, 15]);

function signalNumber(name: string): number {
  return SIGNALS[name.replace(/^SIG/, "")] ?? Number.parseInt(name, 10);
}
