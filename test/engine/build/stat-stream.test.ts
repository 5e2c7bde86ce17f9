import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readFields } from "../../../engine/build/protobuf.ts";
import { StatStream } from "../../../engine/build/session/stat-stream.ts";
import type { ContextEntry } from "../../../engine/build/walk.ts";

const entry: fc.Arbitrary<ContextEntry> = fc.record({
  path: fc.string({ unit: "binary", minLength: 1, maxLength: 300 }),
  kind: fc.constantFrom("file", "directory"),
  permissions: fc.integer({ min: 0, max: 0o7777 }),
  size: fc.integer({ min: 0, max: 2 ** 52 }),
  mtimeMs: fc.oneof(
    fc.integer({ min: -(2 ** 41), max: 2 ** 41 }),
    fc.constantFrom(0, 0.5, 1, 1_795_604_373_372.25),
  ),
});

/** Path, size and time of each message. */
function read(bytes: Buffer): unknown[] {
  const found = [];
  for (let at = 0; at < bytes.length;) {
    const length = bytes.readUInt32BE(at + 1);
    const [stat] = [...readFields(bytes.subarray(at + 5, at + 5 + length))];
    const fields = new Map([...readFields(stat?.bytes ?? Buffer.alloc(0))].map((one) => [one.number, one]));
    found.push([
      stat?.number,
      fields.get(1)?.bytes.toString("utf8"),
      fields.get(5)?.value ?? 0n,
      fields.get(6)?.value ?? 0n,
    ]);
    at += 5 + length;
  }
  return found;
}

describe("the list of a context", () => {
  it("holds each entry's path, size and time in nanoseconds", () => {
    fc.assert(
      fc.property(fc.array(entry), (entries) => {
        const stream = new StatStream();
        for (const one of entries) stream.add(one);
        expect(read(stream.take())).toEqual(
          entries.map(({ path, kind, size, mtimeMs }) => [
            2,
            Buffer.from(path).toString("utf8"),
            kind === "file" ? BigInt(size) : 0n,
            BigInt(Math.trunc(mtimeMs)) * 1_000_000n + BigInt(Math.round((mtimeMs % 1) * 1_000_000)),
          ]),
        );
        expect(stream.take()).toHaveLength(0);
      }),
    );
  });
});
