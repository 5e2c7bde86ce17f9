import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { walk, type NodeEnd, type WalkNode } from "../../../engine/execute/walk.ts";

interface Node extends WalkNode {
  readonly fails: boolean;
  readonly pool: string;
}

const graphs = fc
  .array(
    fc.record({
      fails: fc.boolean(),
      bestEffort: fc.boolean(),
      pool: fc.constantFrom("a", "b"),
      edges: fc.array(
        fc.record({
          to: fc.nat(),
          when: fc.constantFrom("succeeded", "settled", "succeeded", "settled", "failed"),
        }),
        { maxLength: 4 },
      ),
    }),
    { maxLength: 25 },
  )
  .map((rows) =>
    rows.map((row, index): Node => ({
      id: `n${index}`,
      fails: row.fails,
      bestEffort: row.bestEffort,
      pool: row.pool,
      dependsOn: index === 0 ? [] : row.edges.map(({ to, when }) => ({ on: `n${to % index}`, when })),
    })),
  );

/** The rule in its plainest form, to compare with. */
function expectedOutcomes(nodes: readonly Node[]): Map<string, string> {
  const outcomes = new Map<string, string>();
  for (const node of nodes) {
    const isBlocked = node.dependsOn.some(
      ({ on, when }) => when === "succeeded" && ["failed", "blocked"].includes(outcomes.get(on) ?? ""),
    );
    const failure = node.bestEffort === true ? "skipped" : "failed";
    const rescues = node.dependsOn.filter(({ when }) => when === "failed");
    const isIdle = rescues.length > 0 && rescues.every(({ on }) => outcomes.get(on) !== "failed");
    if (isIdle && !isBlocked) {
      outcomes.set(node.id, "idle");
      continue;
    }
    outcomes.set(node.id, isBlocked ? "blocked" : node.fails ? failure : "succeeded");
  }
  return outcomes;
}

interface Seen {
  readonly ends: Map<string, NodeEnd[]>;
  readonly started: string[];
  readonly mostAtOnce: number;
}

async function walkAndWatch(
  nodes: readonly Node[],
  options: {
    readonly capacity: number;
    readonly seed?: number;
    readonly signal?: AbortSignal;
    readonly onRun?: () => void;
  },
): Promise<Seen> {
  const ends = new Map<string, NodeEnd[]>();
  const started: string[] = [];
  const running = new Map<string, number>();
  let mostAtOnce = 0;
  await walk(nodes, {
    async run(node) {
      const count = (running.get(node.pool) ?? 0) + 1;
      running.set(node.pool, count);
      mostAtOnce = Math.max(mostAtOnce, count);
      options.onRun?.();
      for (let turns = ((options.seed ?? 0) + node.id.length * 7) % 5; turns >= 0; turns -= 1)
        await Promise.resolve();
      running.set(node.pool, (running.get(node.pool) ?? 0) - 1);
      if (node.fails) throw new RangeError(node.id);
      return "succeeded";
    },
    resources: (node) => [node.pool],
    capacity: () => options.capacity,
    onStart(node) {
      for (const { on } of node.dependsOn) expect(ends.has(on), `${on} ends before ${node.id}`).toBe(true);
      started.push(node.id);
    },
    onEnd: (node, end) => void ends.set(node.id, [...(ends.get(node.id) ?? []), end]),
    signal: options.signal,
  });
  return { ends, started, mostAtOnce };
}

describe("walk", () => {
  it("gives each node of any graph exactly one end, the one that the edges say", async () => {
    await fc.assert(
      fc.asyncProperty(graphs, fc.integer({ min: 1, max: 5 }), fc.nat(100), async (nodes, capacity, seed) => {
        const { ends, started, mostAtOnce } = await walkAndWatch(nodes, { capacity, seed });
        const expected = expectedOutcomes(nodes);
        expect([...ends.values()].every((list) => list.length === 1)).toBe(true);
        const shown = [...expected].map(
          ([id, outcome]) => [id, outcome === "idle" ? "skipped" : outcome] as const,
        );
        expect(new Map([...ends].map(([id, [end]]) => [id, end?.outcome]))).toEqual(new Map(shown));
        expect(new Set(started)).toEqual(
          new Set([...expected].filter(([, o]) => o !== "blocked" && o !== "idle").map(([id]) => id)),
        );
        expect(mostAtOnce).toBeLessThanOrEqual(capacity);
      }),
    );
  });

  it("names the failed nodes behind each blocked one", async () => {
    await fc.assert(
      fc.asyncProperty(graphs, async (nodes) => {
        const { ends } = await walkAndWatch(nodes, { capacity: 3 });
        for (const [end] of ends.values()) {
          if (end?.outcome !== "blocked") continue;
          expect(end.blockedBy.length).toBeGreaterThan(0);
          for (const id of end.blockedBy) expect(ends.get(id)?.[0]?.outcome).toBe("failed");
        }
      }),
    );
  });

  it("starts nothing after an abort and ends everything else as aborted", async () => {
    await fc.assert(
      fc.asyncProperty(graphs, fc.integer({ min: 1, max: 10 }), async (nodes, stopAt) => {
        const controller = new AbortController();
        let runs = 0;
        const { ends, started } = await walkAndWatch(nodes, {
          capacity: 2,
          signal: controller.signal,
          onRun: () => void ((runs += 1) === stopAt && controller.abort()),
        });
        expect([...ends.values()].map((list) => list.length)).toEqual(nodes.map(() => 1));
        expect(started.length).toBeLessThanOrEqual(stopAt + 3);
        for (const node of nodes) {
          if (!started.includes(node.id))
            expect(["aborted", "blocked", "skipped"]).toContain(ends.get(node.id)?.[0]?.outcome);
        }
      }),
    );
  });

  it("runs the node with the longest way behind it first", async () => {
    const plain = { fails: false, pool: "a" };
    const on = (id: string) => [{ on: id, when: "succeeded" as const }];
    const { started } = await walkAndWatch(
      [
        { id: "lone", dependsOn: [], ...plain },
        { id: "head", dependsOn: [], ...plain },
        { id: "middle", dependsOn: on("head"), ...plain },
        { id: "tail", dependsOn: on("middle"), ...plain },
      ],
      { capacity: 1 },
    );
    expect(started).toEqual(["head", "middle", "lone", "tail"]);
  });

  it("refuses circles and unknown names before anything runs", async () => {
    const edge = (on: string) => [{ on, when: "settled" as const }];
    const plain = { fails: false, pool: "a" };
    const circle = [
      { id: "a", dependsOn: edge("b"), ...plain },
      { id: "b", dependsOn: edge("a"), ...plain },
    ];
    await expect(walkAndWatch(circle, { capacity: 1 })).rejects.toThrow("in a circle");
    const unknown = [{ id: "a", dependsOn: edge("z"), ...plain }];
    await expect(walkAndWatch(unknown, { capacity: 1 })).rejects.toThrow("z, which is not in the plan");
  });
});
