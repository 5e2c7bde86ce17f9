/** Laws that hold for any two stacks, and for a run that is killed anywhere between them. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { planDown } from "../../../engine/plan/down.ts";
import { planToText } from "../../../engine/plan/text.ts";
import { newEngine, Project } from "./support.ts";

const options = { removeOrphans: true };

interface ServiceShape {
  readonly value: number;
  readonly scale: number;
  readonly dependencies: readonly {
    readonly on: number;
    readonly healthy: boolean;
    readonly restart: boolean;
  }[];
  readonly sharesWith: number | undefined;
  readonly networks: readonly string[];
  readonly volume: "named" | "anonymous" | undefined;
}

const service: fc.Arbitrary<ServiceShape> = fc.record({
  value: fc.nat(1),
  scale: fc.constantFrom(1, 1, 2, 3),
  dependencies: fc.array(fc.record({ on: fc.nat(3), healthy: fc.boolean(), restart: fc.boolean() }), {
    maxLength: 2,
  }),
  sharesWith: fc.option(fc.nat(3), { nil: undefined, freq: 4 }),
  networks: fc.subarray(["front", "back"], { minLength: 1 }),
  volume: fc.constantFrom("named", "anonymous", undefined),
});

/** Services depend on lower ones only. Networks carry a value too, so that they change now and then. */
const stack = fc
  .record({ services: fc.array(service, { minLength: 1, maxLength: 4 }), network: fc.nat(1) })
  .map(({ services, network }) => {
    const body = Object.fromEntries(services.map((shape, index) => [`s${index}`, toService(shape, index)]));
    const front = { labels: { value: String(network) } };
    return JSON.stringify({ services: body, networks: { front, back: {} }, volumes: { data: {} } });
  });

function toService(shape: ServiceShape, index: number): object {
  const dependencies = shape.dependencies.filter(({ on }) => on < index);
  const shares = shape.sharesWith !== undefined && shape.sharesWith < index ? shape.sharesWith : undefined;
  const volume = { named: ["data:/data"], anonymous: ["/cache"] };
  return {
    image: "busybox",
    environment: { VALUE: String(shape.value) },
    scale: shape.scale,
    healthcheck: { test: "true" },
    ...(shape.volume === undefined ? {} : { volumes: volume[shape.volume] }),
    ...(shares === undefined ? { networks: shape.networks } : { network_mode: `service:s${shares}` }),
    depends_on: Object.fromEntries(
      dependencies.map(({ on, healthy, restart }) => [
        `s${on}`,
        { condition: healthy ? "service_healthy" : "service_started", restart },
      ]),
    ),
  };
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 6; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

async function upOf(project: Project, text: string, rolling = false): Promise<void> {
  project.text = text;
  await project.up({ ...options, rolling });
  await settle();
}

/** Volumes outlive a change of the stack; networks that are not declared any more too. */
function containersOf({ engine }: Project): string {
  return engine
    .stateText()
    .split("\n")
    .filter((line) => line.startsWith("container"))
    .join("\n");
}

const apiVersion = fc.constantFrom("1.41", "1.44");

describe("laws", () => {
  it("B after A is B from nothing, and then there is nothing to do", async () => {
    await fc.assert(
      fc.asyncProperty(stack, stack, apiVersion, fc.boolean(), async (a, b, api, rolling) => {
        const project = new Project(a, newEngine(api));
        await upOf(project, a);
        await upOf(project, b, rolling);
        const fresh = new Project(b, newEngine(api));
        await upOf(fresh, b);
        expect(containersOf(project)).toBe(containersOf(fresh));
        expect(planToText((await project.plan(options)).plan)).toBe("");
      }),
      { numRuns: 60 },
    );
  }, 120_000);

  it("a run killed anywhere is completed by the next one", async () => {
    await fc.assert(
      fc.asyncProperty(
        stack,
        stack,
        fc.nat(40),
        fc.boolean(),
        apiVersion,
        fc.boolean(),
        async (a, b, calls, isLost, api, rolling) => {
          const project = new Project(a, newEngine(api));
          await upOf(project, a);
          project.text = b;
          const { plan } = await project.plan({ ...options, rolling });
          project.engine.die(calls, isLost ? "answer" : "request");
          await project.execute(plan);
          project.engine.revive();
          await settle();
          await upOf(project, b, rolling);
          const fresh = new Project(b, newEngine(api));
          await upOf(fresh, b);
          expect(containersOf(project)).toBe(containersOf(fresh));
          expect(planToText((await project.plan(options)).plan)).toBe("");
        },
      ),
      { numRuns: 100 },
    );
  }, 120_000);

  it("the same state gives the same plan", async () => {
    await fc.assert(
      fc.asyncProperty(stack, stack, async (a, b) => {
        const project = new Project(a);
        await upOf(project, a);
        project.text = b;
        const [one, other] = [await project.plan(options), await project.plan(options)];
        expect(other).toEqual(one);
        expect(JSON.parse(JSON.stringify(one.plan))).toEqual(one.plan);
      }),
      { numRuns: 20 },
    );
  }, 120_000);

  it("down leaves nothing of the project, also of volumes that were carried over", async () => {
    await fc.assert(
      fc.asyncProperty(stack, async (a) => {
        const project = new Project(a);
        const before = project.engine.stateText();
        await upOf(project, a);
        await project.up({ recreate: "force" });
        const observed = await project.observe(await project.desired());
        await project.execute(planDown(undefined, observed, { volumes: true }).plan);
        expect(project.engine.stateText()).toBe(before);
      }),
      { numRuns: 20 },
    );
  }, 120_000);
});
