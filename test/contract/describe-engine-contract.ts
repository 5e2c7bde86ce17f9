/** The one contract that the fake engine and every real engine keep. */
import { afterAll, afterEach, beforeAll, describe } from "vitest";
import { containerContract } from "./containers.ts";
import { cleanUp, type EngineUnderTest, type Traits } from "./engine-under-test.ts";
import { eventContract, healthContract } from "./events.ts";
import { networkContract, networkGuardContract } from "./networks.ts";
import { processContract } from "./processes.ts";

export function describeEngineContract(
  name: string,
  traits: Traits,
  makeEngine: () => Promise<EngineUnderTest>,
): void {
  describe(`engine contract: ${name}`, { timeout: 60_000 }, () => {
    let subject: EngineUnderTest | undefined;
    const get = (): EngineUnderTest => {
      if (subject === undefined) throw new TypeError("the engine is opened before each suite");
      return subject;
    };
    beforeAll(async () => {
      subject = await makeEngine();
      await cleanUp(subject);
    });
    afterEach(() => cleanUp(get()), 60_000);
    afterAll(() => subject?.engine.close());

    describe("containers", () => {
      containerContract(get);
    });
    describe("networks", () => {
      networkContract(get);
      if (traits.guardsNetworks) networkGuardContract(get);
    });
    describe("events", () => {
      eventContract(get, traits);
      if (traits.runsHealthChecks) healthContract(get);
    });
    describe("processes", () => {
      processContract(get);
    });
  });
}
