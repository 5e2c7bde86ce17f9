/**
 * The contract on every engine that answers here: those named by TCOMPOSE_TEST_ENDPOINTS (comma-separated
 * addresses), else the default places and other Docker and Podman sockets in /run.
 */
import { homedir } from "node:os";
import { connectEngine } from "../../engine/docker/connect.ts";
import { defaultAddresses } from "../../engine/docker/discover.ts";
import { TcomposeError } from "../../engine/error.ts";
import { canRun, otherSockets, TEST_IMAGE } from "../support/real-engines.ts";
import { describeEngineContract } from "./describe-engine-contract.ts";
import { dockerTraits, podmanTraits, type EngineUnderTest } from "./engine-under-test.ts";

/** Podman's default limits are above what a test machine may grant. */
const MODEST = {
  Ulimits: ["nofile", "nproc"].map((Name) => ({ Name, Soft: 1024, Hard: 1024 })),
};
const home = homedir();
const env = process.env;

for (const [name, subject] of await findEngines()) {
  const traits = subject.engine.flavour === "docker" ? dockerTraits : podmanTraits;
  describeEngineContract(name, traits, () => Promise.resolve(subject));
}

async function findEngines(): Promise<Map<string, EngineUnderTest>> {
  const named = env["TCOMPOSE_TEST_ENDPOINTS"];
  const found = new Map<string, EngineUnderTest>();
  for (const host of named?.split(",") ?? [
    ...defaultAddresses({ env, home, platform: process.platform }),
    ...otherSockets(),
  ]) {
    const subject = await open(host, named !== undefined);
    if (subject === undefined) continue;
    const { Version, Arch } = await subject.engine.version();
    found.set(`${subject.engine.flavour} ${Version} ${Arch} at ${host}`, subject);
  }
  return found;
}

/**
 * Undefined where no engine answers, or where one answers that has no test image or cannot run it. Named ones must
 * do all of that: there the tests fail.
 */
async function open(host: string, isNamed: boolean): Promise<EngineUnderTest | undefined> {
  try {
    const engine = await connectEngine({ env: {}, home, host });
    const hostConfig = engine.flavour === "docker" ? {} : MODEST;
    const subject = { engine, image: TEST_IMAGE, hostConfig };
    return isNamed || (await canRun(engine, hostConfig)) ? subject : undefined;
  } catch (error) {
    if (!isNamed && error instanceof TcomposeError && error.code === "engine-unreachable") return undefined;
    throw error;
  }
}
