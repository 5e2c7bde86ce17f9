import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  canonicalBytes,
  canonicalDuration,
  formatBytes,
  formatDuration,
  parseBytes,
  parseDuration,
} from "../../schema/quantity.ts";

describe("durations", () => {
  it.each([
    ["0", 0, "0s"],
    ["90s", 90_000, "1m30s"],
    ["1h", 3_600_000, "1h0m0s"],
    ["1w2d", 777_600_000, "216h0m0s"],
    ["1.5s", 1500, "1.5s"],
    [".5m", 30_000, "30s"],
    ["250ms", 250, "250ms"],
    ["1us", 0.001, "1\u00b5s"],
    ["1\u03bcs", 0.001, "1\u00b5s"],
    ["7ns", 0.000007, "7ns"],
    ["-1m", -60_000, "-1m0s"],
    ["1h1h", 7_200_000, "2h0m0s"],
  ])("reads %s", (text, ms, canonical) => {
    expect(parseDuration(text)).toBe(ms);
    expect(canonicalDuration(text)).toBe(canonical);
  });

  it.each(["", "10", "s", ".s", "10 s", "1y", "10S", "1m30", "--1s", "9999999999999h"])(
    "refuses %j",
    (text) => {
      expect(parseDuration(text)).toBeUndefined();
      expect(canonicalDuration(text)).toBeUndefined();
    },
  );

  it("prints text that reads back as the same time", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000_000_000 }), (ms) => {
        expect(parseDuration(formatDuration(ms))).toBe(ms);
      }),
    );
  });

  it("has one canonical form", () => {
    const part = fc.tuple(fc.nat(500), fc.constantFrom("ns", "us", "ms", "s", "m", "h", "d", "w"));
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), (parts) => {
        const canonical = canonicalDuration(parts.map(([n, unit]) => `${n}${unit}`).join(""));
        expect(canonical).toBeDefined();
        expect(canonicalDuration(canonical ?? "")).toBe(canonical);
      }),
    );
  });
});

describe("byte sizes", () => {
  it.each([
    ["0", 0],
    ["512", 512],
    ["-1", -1],
    ["64k", 65_536],
    ["64KB", 65_536],
    ["64KiB", 65_536],
    ["1.5g", 1_610_612_736],
    ["2 GB", 2_147_483_648],
    ["10b", 10],
    ["1e3", 1000],
    ["1p", 1_125_899_906_842_624],
  ])("reads %s", (text, bytes) => {
    expect(parseBytes(text)).toBe(bytes);
    expect(canonicalBytes(text)).toBe(String(bytes));
  });

  it.each(["", "g", "1x", "1kk", "1kbi", "1gibb", "-1g", "1 2m", "1  k", "9000000p"])(
    "refuses %j",
    (text) => {
      expect(parseBytes(text)).toBeUndefined();
    },
  );

  it("keeps whole numbers exact beyond the double range", () => {
    expect(canonicalBytes("9007199254740993")).toBe("9007199254740993");
  });

  it("shows sizes for people", () => {
    expect([0, 17, 1024, 1_610_612_736, 1_000_000].map(formatBytes)).toEqual([
      "0 B",
      "17 B",
      "1 KiB",
      "1.5 GiB",
      "976.56 KiB",
    ]);
  });

  it("reads what it shows, to the digits shown", () => {
    fc.assert(
      fc.property(fc.nat(2 ** 31 - 1), (bytes) => {
        const back = parseBytes(formatBytes(bytes)) ?? Number.NaN;
        expect(Math.abs(back - bytes)).toBeLessThanOrEqual(Math.max(1, bytes * 0.006));
      }),
    );
  });
});
