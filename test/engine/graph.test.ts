import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { reachable, reverse, sortTopologically } from "../../engine/graph.ts";

/** Nodes n0..; edges point to lower numbers only, then the map is given in another order. */
const acyclic = fc
  .array(fc.array(fc.nat(30), { maxLength: 4 }), { minLength: 1, maxLength: 30 })
  .map((rows) =>
    rows.map((row, index): [string, string[]] => [
      `n${index}`,
      row.filter((to) => to < index).map((to) => `n${to}`),
    ]),
  )
  .chain((entries) => fc.shuffledSubarray(entries, { minLength: entries.length }))
  .map((entries) => new Map(entries));

describe("sortTopologically", () => {
  it("puts prerequisites first and loses nothing", () => {
    fc.assert(
      fc.property(acyclic, (graph) => {
        const { order, cycle } = sortTopologically(graph);
        expect(cycle).toBeUndefined();
        expect(order.toSorted()).toEqual([...graph.keys()].toSorted());
        const place = new Map(order.map((name, index) => [name, index]));
        for (const [name, before] of graph) {
          for (const other of before) expect(place.get(other)).toBeLessThan(place.get(name) ?? -1);
        }
      }),
    );
  });

  it("keeps the given order among what is free at once", () => {
    expect(
      sortTopologically(
        new Map([
          ["b", []],
          ["a", []],
          ["c", ["a"]],
        ]),
      ).order,
    ).toEqual(["b", "a", "c"]);
  });

  it("shows one cycle and sorts the rest", () => {
    const { order, cycle } = sortTopologically(
      new Map([
        ["a", ["b"]],
        ["b", ["c"]],
        ["c", ["b"]],
        ["d", []],
      ]),
    );
    expect(order).toEqual(["d"]);
    expect(cycle).toEqual(["b", "c", "b"]);
  });
});

describe("reachable and reverse", () => {
  it("follow the edges", () => {
    const graph = new Map([
      ["a", ["b"]],
      ["b", ["c"]],
      ["c", []],
      ["d", ["c"]],
    ]);
    expect([...reachable(graph, ["b"])].toSorted()).toEqual(["b", "c"]);
    expect([...reachable(reverse(graph), ["c"])].toSorted()).toEqual(["a", "b", "c", "d"]);
  });
});
