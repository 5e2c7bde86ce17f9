/**
 * The contract on every engine that answers here: those named by TCOMPOSE_TEST_ENDPOINTS (comma-separated
 * addresses), else the default places and other Docker and Podman sockets in /run.
 */
import { readdirSync } from "node:fs";
import { homedir } from "node:os";
import { connectEngine } from "../../engine/docker/connect.ts";
import { defaultAddresses } from "../../engine/docker/discover.ts";
import { TcomposeError } from "../../engine/error.ts";
import { describeEngineContract } from "./describe-engine-contract.ts";
import type { EngineUnderTest } from "./engine-under-test.ts";

const IMAGE = "tcompose-test/busybox:latest";
const home = homedir();
const env = process.env;

for (const [name, subject] of await findEngines()) {
  describeEngineContract(name, () => Promise.resolve(subject));
}

async function findEngines(): Promise<Map<string, EngineUnderTest>> {
  const named = env["TCOMPOSE_TEST_ENDPOINTS"];
  const found = new Map<string, EngineUnderTest>();
  for (const host of named?.split(",") ?? [
    ...defaultAddresses({ env, home, platform: process.platform }),
    ...sockets(),
  ]) {
    const subject = await open(host, named !== undefined);
    if (subject === undefined) continue;
    const { Version, Arch } = await subject.engine.version();
    found.set(`${subject.engine.flavour} ${Version} ${Arch} at ${host}`, subject);
  }
  return found;
}

/** Undefined where no engine answers, or where one answers that has no test image; named ones must answer. */
async function open(host: string, isNamed: boolean): Promise<EngineUnderTest | undefined> {
  try {
    const engine = await connectEngine({ env: {}, home, host });
    if (!isNamed && (await engine.inspectImage(IMAGE)) === undefined) return undefined;
    return { engine, image: IMAGE, isDocker: engine.flavour === "docker" };
  } catch (error) {
    if (!isNamed && error instanceof TcomposeError && error.code === "engine-unreachable") return undefined;
    throw error;
  }
}

function sockets(): string[] {
  if (process.platform !== "linux") return [];
  const names = readdirSync("/run").filter((name) => /^(docker|podman)-.*\.sock$/.test(name));
  return names.map((name) => `unix:///run/${name}`);
}
