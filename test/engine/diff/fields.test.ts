import { describe, expect, it } from "vitest";
import { diffFields } from "../../../engine/diff/fields.ts";

const options = { base: ["services", "web"], locate: () => undefined };
const diff = (from: object, to: object): unknown => diffFields({ ...from }, { ...to }, options);

describe("diffFields", () => {
  it("finds nothing in equal values, whatever their key order", () => {
    expect(diff({ a: { b: 1, c: [1, { d: 2 }] } }, { a: { c: [1, { d: 2 }], b: 1 } })).toEqual([]);
  });

  it("names added, removed and changed keys", () => {
    expect(diff({ environment: { A: "1", B: "2" } }, { environment: { A: "3", C: "4" } })).toEqual([
      { path: "environment.A", from: "1", to: "3" },
      { path: "environment.B", from: "2" },
      { path: "environment.C", to: "4" },
    ]);
  });

  it("shows lists of words as a whole", () => {
    expect(diff({ command: ["a", "b"] }, { command: ["a", "c"] })).toEqual([
      { path: "command", from: ["a", "b"], to: ["a", "c"] },
    ]);
  });

  it("pairs list entries by their target", () => {
    const from = {
      ports: [
        { target: 80, published: "8080" },
        { target: 443, published: "8443" },
      ],
    };
    const to = {
      ports: [{ target: 443, published: "9443" }, { target: 80, published: "8080" }, { target: 22 }],
    };
    expect(diff(from, to)).toEqual([
      { path: "ports[0].published", from: "8443", to: "9443" },
      { path: "ports[2]", to: { target: 22 } },
    ]);
  });

  it("names configs and secrets by their source", () => {
    const from = { secrets: [{ source: "a", content: "1" }, { source: "b", content: "2" }, { source: "c" }] };
    const to = { secrets: [{ source: "b", content: "3" }, { source: "c" }, { source: "d" }] };
    expect(diff(from, to)).toEqual([
      { path: "secrets.b.content", from: "2", to: "3" },
      { path: "secrets.d", to: { source: "d" } },
      { path: "secrets.a", from: { source: "a", content: "1" } },
    ]);
  });

  it("looks up where the new value stands", () => {
    const range = { file: "/f", start: 1, end: 2 };
    const changes = diffFields(
      {},
      { a: 1 },
      { base: ["services", "x"], locate: (path) => (path.join(".") === "services.x.a" ? range : undefined) },
    );
    expect(changes).toEqual([{ path: "a", to: 1, range }]);
  });
});
