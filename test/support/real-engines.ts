/**
 * Engines for tests that need a real one: those named by TCOMPOSE_TEST_ENDPOINTS (comma-separated addresses) or
 * TCOMPOSE_TEST_ENGINE, else whatever answers in the default places and has the test image.
 */
import { randomBytes } from "node:crypto";
import { readdirSync } from "node:fs";
import { homedir } from "node:os";
import type { EngineApi } from "../../engine/docker/api.ts";
import { connectEngine } from "../../engine/docker/connect.ts";
import { defaultAddresses } from "../../engine/docker/discover.ts";
import type { HostConfig } from "../../engine/docker/types.ts";
import { EngineResponseError, TcomposeError } from "../../engine/error.ts";

export const TEST_IMAGE = "tcompose-test/busybox:latest";

export interface RealEngine {
  readonly name: string;
  readonly engine: EngineApi;
}

/**
 * Every engine that answers here, other sockets in /run among them: for what differs with the engine. Those that were
 * not named and cannot start a container are left out.
 */
export async function runningEngines(): Promise<readonly RealEngine[]> {
  const found = await findRealEngines(otherSockets());
  const isNamed = namedEngines(process.env) !== undefined;
  const checked = await Promise.all(found.map(async (one) => isNamed || (await canRun(one.engine))));
  return found.filter((_, index) => checked[index]);
}

/** Whether the engine can start a container of the test image at all. */
export async function canRun(engine: EngineApi, hostConfig: HostConfig = {}): Promise<boolean> {
  const name = `tc-probe-${randomBytes(4).toString("hex")}`;
  if ((await engine.inspectImage(TEST_IMAGE)) === undefined) return false;
  try {
    await engine.createContainer(name, { Image: TEST_IMAGE, Cmd: ["true"], HostConfig: hostConfig });
    await engine.startContainer(name);
    return true;
  } catch (error) {
    if (error instanceof EngineResponseError) return false;
    throw error;
  } finally {
    await engine.removeContainer(name, { force: true });
  }
}

/** Sockets of further Docker and Podman engines. */
export function otherSockets(): string[] {
  if (process.platform !== "linux") return [];
  const names = readdirSync("/run").filter((name) => /^(docker|podman)-.*\.sock$/.test(name));
  return names.map((name) => `unix:///run/${name}`);
}

export async function findRealEngines(others: readonly string[] = []): Promise<readonly RealEngine[]> {
  const { env } = process;
  const named = namedEngines(env);
  const home = homedir();
  const found: RealEngine[] = [];
  const usual = defaultAddresses({ env, home, platform: process.platform });
  for (const host of named ?? [...usual, ...others]) {
    try {
      const engine = await connectEngine({ env: {}, home, host });
      if ((await engine.inspectImage(TEST_IMAGE)) === undefined) continue;
      const { Version } = await engine.version();
      found.push({ name: `${engine.flavour} ${Version} at ${host}`, engine });
    } catch (error) {
      const isAbsent = error instanceof TcomposeError && error.code === "engine-unreachable";
      if (named !== undefined || !isAbsent) throw error;
    }
  }
  return found;
}

function namedEngines(env: NodeJS.ProcessEnv): string[] | undefined {
  return (env["TCOMPOSE_TEST_ENDPOINTS"] ?? env["TCOMPOSE_TEST_ENGINE"])?.split(",");
}
