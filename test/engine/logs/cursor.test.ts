import fc from "fast-check";
import { expect, it } from "vitest";
import { Cursor } from "../../../engine/logs/cursor.ts";
import type { LogBlock } from "../../../engine/logs/read-container.ts";

interface Line {
  readonly time: string;
  readonly text: string;
}

function block(lines: readonly Line[]): LogBlock {
  return { stream: "stdout", lines: lines.map((l) => l.text), timestamps: lines.map((l) => l.time) };
}

it("goes on without loss or repetition wherever a reading breaks off", () => {
  // Few moments for many lines: several lines share one.
  const log = fc
    .array(fc.nat(9), { minLength: 1, maxLength: 40 })
    .map((moments) =>
      moments
        .sort((a, b) => a - b)
        .map((moment, index): Line => ({ time: `2026-01-01T00:00:00.00000000${moment}Z`, text: `line ${index}` })),
    );
  fc.assert(
    fc.property(log, fc.array(fc.nat(40), { maxLength: 6 }), fc.integer({ min: 1, max: 7 }), (lines, breaks, size) => {
      const cursor = new Cursor();
      const seen: string[] = [];
      for (const end of [...breaks.sort((a, b) => a - b), lines.length]) {
        const since = cursor.resume();
        const from = lines.filter(({ time }) => since === undefined || time.slice(20, 29) >= since.slice(-9));
        const reading = from.slice(0, Math.max(0, end - (lines.length - from.length)));
        for (let at = 0; at < reading.length; at += size) {
          seen.push(...cursor.accept(block(reading.slice(at, at + size))).lines);
        }
      }
      expect(seen).toEqual(lines.map(({ text }) => text));
    }),
  );
});
