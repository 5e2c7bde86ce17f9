import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Batch, type LoopEffect, type LoopRule, WatchLoop } from "../../../engine/watch/loop.ts";

const sync: LoopRule = { service: "web", index: 0, action: "sync" };
const rebuild: LoopRule = { service: "web", index: 1, action: "rebuild" };
const restart: LoopRule = { service: "web", index: 2, action: "sync+restart" };
const other: LoopRule = { service: "api", index: 0, action: "sync" };

const NONE: ReadonlySet<number> = new Set();
const ALL: ReadonlySet<number> = new Set([0, 1, 2]);

const runs = (effects: readonly LoopEffect[]): Batch[] =>
  effects.flatMap((effect) => (effect.type === "run" ? [effect.batch] : []));
const wakes = (effects: readonly LoopEffect[]): number[] =>
  effects.flatMap((effect) => (effect.type === "wake" ? [effect.at] : []));

describe("watch loop", () => {
  it("sends the first change of an idle service after the leading edge, without waiting for quiet", () => {
    const loop = new WatchLoop();
    const first = loop.step({ type: "changed", rule: sync, path: "/a", now: 100 });
    expect(wakes(first)).toEqual([103]);
    loop.step({ type: "changed", rule: sync, path: "/b", now: 102 });
    const [batch] = runs(loop.step({ type: "tick", now: 103 }));
    expect([...(batch?.sync.get(0) ?? [])]).toEqual(["/a", "/b"]);
    expect(batch).toMatchObject({ service: "web", rebuild: false, paths: 2 });
  });

  it("gathers what changes during a run and sends it after a short quiet time", () => {
    const loop = new WatchLoop();
    loop.step({ type: "changed", rule: sync, path: "/a", now: 0 });
    loop.step({ type: "tick", now: 3 });
    expect(runs(loop.step({ type: "changed", rule: sync, path: "/b", now: 5 }))).toEqual([]);
    const settled = loop.step({ type: "settled", service: "web", failed: NONE, now: 10 });
    expect(runs(settled)).toEqual([]);
    expect(wakes(settled)).toEqual([30]);
    expect(runs(loop.step({ type: "tick", now: 30 })).map((batch) => [...(batch.sync.get(0) ?? [])])).toEqual(
      [["/b"]],
    );
  });

  it("does not keep a save waiting for long while something else is written all the time", () => {
    const loop = new WatchLoop();
    loop.step({ type: "changed", rule: sync, path: "/log", now: 0 });
    loop.step({ type: "tick", now: 3 });
    const sent: number[] = [];
    for (let now = 5; now < 500; now += 5) {
      const effects = [
        ...loop.step({ type: "settled", service: "web", failed: NONE, now }),
        ...loop.step({ type: "changed", rule: sync, path: "/log", now }),
      ];
      if (runs(effects).length > 0) sent.push(now);
    }
    expect(sent).toEqual([105, 205, 305, 405]);
    // What restarts is gathered for longer.
    loop.step({ type: "changed", rule: restart, path: "/conf", now: 500 });
    expect(wakes(loop.step({ type: "settled", service: "web", failed: NONE, now: 501 }))).toEqual([525]);
  });

  it("waits for quiet before a rebuild, but never longer than the limit", () => {
    const loop = new WatchLoop();
    let effects: LoopEffect[] = [];
    for (let now = 0; now < 480; now += 60) {
      effects = loop.step({ type: "changed", rule: rebuild, path: `/${now}`, now });
      expect(runs(effects)).toEqual([]);
    }
    expect(wakes(effects)).toEqual([500]);
    expect(runs(loop.step({ type: "tick", now: 500 }))[0]).toMatchObject({ rebuild: true, paths: 8 });
  });

  it("aborts a running build when a newer change asks for one, and builds again after it settled", () => {
    const loop = new WatchLoop();
    loop.step({ type: "changed", rule: rebuild, path: "/a", now: 0 });
    loop.step({ type: "tick", now: 100 });
    expect(loop.step({ type: "changed", rule: rebuild, path: "/b", now: 200 })).toEqual([
      { type: "abort", service: "web" },
    ]);
    expect(loop.step({ type: "changed", rule: rebuild, path: "/c", now: 201 })).toEqual([]);
    loop.step({ type: "settled", service: "web", failed: ALL, now: 250 });
    expect(runs(loop.step({ type: "tick", now: 301 }))[0]).toMatchObject({ rebuild: true, paths: 3 });
  });

  it("keeps a failed batch and retries it with the next change, not before", () => {
    const loop = new WatchLoop();
    loop.step({ type: "changed", rule: restart, path: "/a", now: 0 });
    loop.step({ type: "tick", now: 3 });
    expect(loop.step({ type: "settled", service: "web", failed: ALL, now: 5 })).toEqual([]);
    expect(loop.idle).toBe(true);
    expect(loop.step({ type: "tick", now: 10_000 })).toEqual([]);
    loop.step({ type: "changed", rule: sync, path: "/b", now: 20_000 });
    const [batch] = runs(loop.step({ type: "tick", now: 20_003 }));
    expect([...(batch?.sync.get(2) ?? [])]).toEqual(["/a"]);
    expect([...(batch?.sync.get(0) ?? [])]).toEqual(["/b"]);
  });

  it("keeps only what failed of a batch", () => {
    const loop = new WatchLoop();
    loop.step({ type: "changed", rule: restart, path: "/a", now: 0 });
    loop.step({ type: "changed", rule: sync, path: "/b", now: 0 });
    loop.step({ type: "tick", now: 3 });
    loop.step({ type: "settled", service: "web", failed: new Set([2]), now: 5 });
    loop.step({ type: "changed", rule: sync, path: "/c", now: 20 });
    const [batch] = runs(loop.step({ type: "tick", now: 60 }));
    expect([...(batch?.sync.get(0) ?? [])]).toEqual(["/c"]);
    expect([...(batch?.sync.get(2) ?? [])]).toEqual(["/a"]);
  });

  it("does not let one service's failure touch another's batch", () => {
    const loop = new WatchLoop();
    loop.step({ type: "changed", rule: sync, path: "/a", now: 0 });
    loop.step({ type: "changed", rule: other, path: "/b", now: 0 });
    expect(runs(loop.step({ type: "tick", now: 3 })).map((batch) => batch.service)).toEqual(["web", "api"]);
    loop.step({ type: "settled", service: "web", failed: ALL, now: 4 });
    loop.step({ type: "settled", service: "api", failed: NONE, now: 4 });
    expect(loop.idle).toBe(true);
  });

  it("hands what is queued and what runs to the rule that takes a rule's place", () => {
    const loop = new WatchLoop();
    const next: LoopRule = { ...rebuild };
    loop.step({ type: "changed", rule: sync, path: "/a", now: 0 });
    loop.step({ type: "tick", now: 3 });
    loop.step({ type: "changed", rule: rebuild, path: "/b", now: 5 });
    loop.replaceRules("web", [{ service: "web", index: 0, action: "restart" }, next]);
    loop.step({ type: "settled", service: "web", failed: ALL, now: 6 });
    const [batch] = runs(loop.step({ type: "tick", now: 200 }));
    expect(batch).toMatchObject({ rebuild: true, paths: 1 });
    expect(batch?.sync.size).toBe(0);
  });

  it("delivers every change, in any interleaving, with one run a service at a time", () => {
    const rules = [sync, rebuild, restart, other];
    const action = fc.record({
      gap: fc.nat(60),
      step: fc.oneof(
        fc.record({ rule: fc.constantFrom(...rules), path: fc.constantFrom("/a", "/b", "/c") }),
        fc.constant("settle" as const),
        fc.constant("fail" as const),
      ),
    });
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
        const loop = new WatchLoop();
        const running = new Set<string>();
        const owed = new Set<string>();
        const taken = new Map<string, string[]>();
        let now = 0;
        const apply = (effects: readonly LoopEffect[]): void => {
          for (const batch of runs(effects)) {
            expect(running.has(batch.service)).toBe(false);
            running.add(batch.service);
            taken.set(
              batch.service,
              [...owed].filter((key) => key.startsWith(`${batch.service} `)),
            );
          }
        };
        const settle = (ok: boolean): void => {
          const [service] = running;
          if (service === undefined) return;
          running.delete(service);
          if (ok) for (const key of taken.get(service) ?? []) owed.delete(key);
          apply(loop.step({ type: "settled", service, failed: ok ? NONE : ALL, now }));
        };
        for (const { gap, step } of actions) {
          now += gap;
          apply(loop.step({ type: "tick", now }));
          if (step === "settle") settle(true);
          else if (step === "fail") settle(false);
          else {
            // A path that changes during its run is owed again.
            const key = `${step.rule.service} ${step.rule.index} ${step.path}`;
            owed.add(key);
            for (const keys of taken.values()) if (keys.includes(key)) keys.splice(keys.indexOf(key), 1);
            apply(loop.step({ type: "changed", rule: step.rule, path: step.path, now }));
          }
        }
        // One last change for each service brings everything through.
        for (const rule of [sync, other]) {
          owed.add(`${rule.service} 0 /last`);
          apply(loop.step({ type: "changed", rule, path: "/last", now }));
        }
        for (let i = 0; i < 10; i += 1) {
          now += 1000;
          apply(loop.step({ type: "tick", now }));
          while (running.size > 0) settle(true);
        }
        expect([...owed]).toEqual([]);
        expect(loop.idle).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
