/**
 * Engines for tests that need a real one: those named by TCOMPOSE_TEST_ENDPOINTS (comma-separated addresses) or
 * TCOMPOSE_TEST_ENGINE, else whatever answers in the default places and has the test image.
 */
import { readdirSync } from "node:fs";
import { homedir } from "node:os";
import type { EngineApi } from "../../engine/docker/api.ts";
import { connectEngine } from "../../engine/docker/connect.ts";
import { defaultAddresses } from "../../engine/docker/discover.ts";
import { TcomposeError } from "../../engine/error.ts";

export const TEST_IMAGE = "tcompose-test/busybox:latest";

export interface RealEngine {
  readonly name: string;
  readonly engine: EngineApi;
}

/** Every Docker engine that answers here, other sockets in /run among them: for what differs with the version. */
export async function dockerEngines(): Promise<readonly RealEngine[]> {
  const found = await findRealEngines(otherSockets());
  return found.filter(({ engine }) => engine.flavour === "docker");
}

/** Sockets of further Docker and Podman engines. */
export function otherSockets(): string[] {
  if (process.platform !== "linux") return [];
  const names = readdirSync("/run").filter((name) => /^(docker|podman)-.*\.sock$/.test(name));
  return names.map((name) => `unix:///run/${name}`);
}

export async function findRealEngines(others: readonly string[] = []): Promise<readonly RealEngine[]> {
  const { env } = process;
  const named = (env["TCOMPOSE_TEST_ENDPOINTS"] ?? env["TCOMPOSE_TEST_ENGINE"])?.split(",");
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
