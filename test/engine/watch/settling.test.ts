import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Settling } from "../../../engine/watch/settling.ts";

const MEGABYTE = 1024 * 1024;
const FILE = "/src/file";
let due: string[];
let settling: Settling;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  due = [];
  settling = new Settling({ onDue: (path) => due.push(path) });
});
afterEach(() => {
  settling.close();
  vi.useRealTimers();
});

/** A look at a file that was written `age` milliseconds ago. */
function file(size: number, age = 0): { size: number; mtimeMs: number; ino: number } {
  return { size, mtimeMs: Date.now() - age, ino: 7 };
}

it("a small file never waits, however often it is saved", () => {
  for (let save = 0; save < 100; save += 1) {
    expect(settling.mustWait(FILE, file(5_000), file(5_000, 10))).toBe(false);
    vi.advanceTimersByTime(10);
  }
  expect(due).toEqual([]);
});

it("a large file waits until it has been quiet, and is looked at then", () => {
  for (let size = 1; size <= 50; size += 1) {
    expect(settling.mustWait(FILE, file(size * MEGABYTE), undefined)).toBe(true);
    vi.advanceTimersByTime(40);
    expect(due).toEqual([]);
  }
  const last = file(50 * MEGABYTE, 40);
  vi.advanceTimersByTime(1_000);
  expect(due).toEqual([FILE]);
  expect(settling.mustWait(FILE, last, undefined)).toBe(false);
});

it("a large file that was written before, or comes with a time of the future, goes at once", () => {
  expect(settling.mustWait(FILE, file(50 * MEGABYTE, 5_000), undefined)).toBe(false);
  expect(settling.mustWait(FILE, file(50 * MEGABYTE, -5_000), undefined)).toBe(false);
});

it("a small file that grows again and again waits, too, but not for ever", () => {
  let known = file(0, 30);
  let sent = 0;
  for (let size = 100; size <= 100_000; size += 100) {
    const look = file(size);
    if (!settling.mustWait(FILE, look, known)) {
      known = look;
      sent += 1;
    }
    vi.advanceTimersByTime(30);
  }
  // The first ones, and one every two seconds of thirty.
  expect(sent).toBe(3 + 14);
  vi.advanceTimersByTime(200);
  expect(settling.mustWait(FILE, { ...file(100_000), mtimeMs: Date.now() - 230 }, known)).toBe(false);
});

it("what is gone is not looked at again", () => {
  expect(settling.mustWait(FILE, file(5 * MEGABYTE), undefined)).toBe(true);
  settling.forget(FILE);
  vi.advanceTimersByTime(10_000);
  expect(due).toEqual([]);
});
