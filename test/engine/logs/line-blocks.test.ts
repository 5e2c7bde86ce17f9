import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LineBlocks } from "../../../engine/logs/line-blocks.ts";
import { normalizeTimestamp, toUnixSeconds } from "../../../engine/logs/timestamp.ts";

const TIME = "2026-01-02T03:04:05.000000006Z";

function linesOf(chunks: readonly Buffer[], timestamps = false): string[] {
  const blocks = new LineBlocks(timestamps);
  const found = chunks.flatMap((chunk) => blocks.push(chunk)?.lines ?? []);
  return [...found, ...(blocks.end()?.lines ?? [])];
}

/** Cuts the bytes at the given places. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const at = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [...at, bytes.length].map((end, index) => bytes.subarray(at[index - 1] ?? 0, end));
}

describe("LineBlocks", () => {
  it("gives the same lines however the bytes are cut", () => {
    const line = fc.string({ unit: "grapheme", maxLength: 30 }).map((text) => text.replace(/[\r\n]/g, "·"));
    fc.assert(
      fc.property(fc.array(line, { minLength: 1 }), fc.array(fc.nat()), (lines, places) => {
        const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(""));
        expect(linesOf(cut(bytes, places))).toEqual(lines);
      }),
    );
  });

  it("takes carriage returns at line ends away and keeps others", () => {
    expect(linesOf([Buffer.from("a\r\nb\rc\r\n\r\nd")])).toEqual(["a", "b\rc", "", "d"]);
  });

  it("joins a long line that came in pieces, each with its time, also when a character was cut", () => {
    const text = `${"x".repeat(16 * 1024 - 1)}é${"y".repeat(16 * 1024)}z`;
    const bytes = Buffer.from(text);
    const piece = (from: number, to?: number): Buffer =>
      Buffer.concat([Buffer.from(`${TIME} `), bytes.subarray(from, to)]);
    const pieces = [piece(0, 16_384), piece(16_384, 32_768), piece(32_768), Buffer.from(`\n${TIME} next\n`)];
    expect(linesOf([Buffer.concat(pieces)], true)).toEqual([text, "next"]);
    expect(linesOf(pieces, true)).toEqual([text, "next"]);
  });

  it("separates the time of each line", () => {
    const blocks = new LineBlocks(true);
    expect(blocks.push(Buffer.from(`${TIME} a b\n${TIME} \n`))).toEqual({
      lines: ["a b", ""],
      timestamps: [TIME, TIME],
    });
  });
});

describe("timestamps", () => {
  it("bring every engine's form into one", () => {
    expect(normalizeTimestamp(TIME)).toBe(TIME);
    expect(normalizeTimestamp("2026-01-02T05:04:05.5+02:00")).toBe("2026-01-02T03:04:05.500000000Z");
    expect(normalizeTimestamp("2026-01-02T03:04:05Z")).toBe("2026-01-02T03:04:05.000000000Z");
  });

  it("become the engine's seconds without losing digits", () => {
    expect(toUnixSeconds("2026-01-02T03:04:05.000000006Z")).toBe("1767323045.000000006");
    expect(toUnixSeconds("2026-01-02T03:04:05.999999999Z", 1)).toBe("1767323046.000000000");
  });
});
