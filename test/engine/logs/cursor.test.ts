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

/** Lives of a container: each some lines, later than those of the life before; lines may share a moment. */
const lives = fc.array(fc.array(fc.nat(3), { maxLength: 8 }), { minLength: 1, maxLength: 6 }).map((all) =>
  all.map((moments, life) =>
    moments
      .sort((a, b) => a - b)
      .map((moment, index): Line => ({
        time: `2026-01-01T00:00:00.0000000${life}${moment}Z`,
        text: `${life}.${index}`,
      })),
  ),
);

it.each([true, false])(
  "goes on from life to life without loss or repetition (engine honours since: %s)",
  (honours) => {
    fc.assert(
      fc.property(lives, fc.integer({ min: 1, max: 7 }), (all, size) => {
        const cursor = new Cursor();
        const seen: string[] = [];
        for (const life of all.keys()) {
          const since = cursor.resume();
          const written = all.slice(0, life + 1).flat();
          const reading = written.filter(
            ({ time }) => !honours || since === undefined || time.slice(20, 29) >= since.slice(-9),
          );
          for (let at = 0; at < reading.length; at += size) {
            seen.push(...cursor.accept(block(reading.slice(at, at + size))).lines);
          }
        }
        expect(seen).toEqual(all.flat().map(({ text }) => text));
      }),
    );
  },
);
