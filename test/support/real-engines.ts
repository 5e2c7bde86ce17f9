/**
 * Engines for tests that need a real one: those named by TCOMPOSE_TEST_ENDPOINTS (comma-separated addresses) or
 * TCOMPOSE_TEST_ENGINE, else whatever answers in the default places and has the test image.
 */
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

export async function findRealEngines(): Promise<readonly RealEngine[]> {
  const { env } = process;
  const named = (env["TCOMPOSE_TEST_ENDPOINTS"] ?? env["TCOMPOSE_TEST_ENGINE"])?.split(",");
  const home = homedir();
  const found: RealEngine[] = [];
  for (const host of named ?? defaultAddresses({ env, home, platform: process.platform })) {
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
