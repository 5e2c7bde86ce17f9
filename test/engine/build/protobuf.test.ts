import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MessageWriter, readFields, readTimestamp } from "../../../engine/build/protobuf.ts";
import { EngineProtocolError } from "../../../engine/error.ts";

const INT64 = { min: -(2n ** 63n), max: 2n ** 63n - 1n };

describe("messages", () => {
  it("come back as they were written", () => {
    const field = fc.oneof(
      fc.record({
        number: fc.integer({ min: 1, max: 2_000 }),
        value: fc.bigInt(INT64).filter((v) => v !== 0n),
      }),
      fc.record({ number: fc.integer({ min: 1, max: 2_000 }), value: fc.integer({ min: 1 }) }),
      fc.record({ number: fc.integer({ min: 1, max: 2_000 }), value: fc.uint8Array({ maxLength: 600 }) }),
      fc.record({
        number: fc.integer({ min: 1, max: 2_000 }),
        value: fc.string({ minLength: 1, unit: "binary" }),
      }),
    );
    fc.assert(
      fc.property(fc.array(field), (fields) => {
        const writer = new MessageWriter();
        for (const { number, value } of fields) {
          if (typeof value === "string") writer.text(number, value);
          else if (value instanceof Uint8Array) writer.bytes(number, Buffer.from(value));
          else writer.number(number, value);
        }
        const read = [...readFields(writer.finish())];
        expect(read.map((one) => one.number)).toEqual(fields.map((one) => one.number));
        for (const [index, { value }] of fields.entries()) {
          if (typeof value === "string")
            expect(read[index]?.bytes.toString()).toBe(Buffer.from(value).toString());
          else if (value instanceof Uint8Array) expect(read[index]?.bytes).toEqual(Buffer.from(value));
          else expect(read[index]?.value).toBe(BigInt(value));
        }
      }),
    );
  });

  it("that are cut short are refused", () => {
    const whole = new MessageWriter().text(1, "hello").number(2, 300).finish();
    for (const length of [1, 3, whole.length - 1]) {
      expect(() => [...readFields(whole.subarray(0, length))]).toThrow(EngineProtocolError);
    }
  });

  it("hold times to the nanosecond's neighbourhood", () => {
    const message = new MessageWriter().number(1, 1_764_000_000).number(2, 250_000_000).finish();
    expect(readTimestamp(message)).toBe(1_764_000_000_250);
  });
});
