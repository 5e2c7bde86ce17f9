/** A person with many editors: random changes of a tree, the same ones for the same seed. */
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  type Stats,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const NAMES = ["a", "b c", "é", "d.txt", "e'e", "$f", "-g", "A"];
const MODES = [0o644, 0o755, 0o600];
const LINKS = ["a", "../b", "nowhere", "."];

export class RandomChanges {
  readonly #root: string;
  #state: number;

  constructor(root: string, seed: number) {
    this.#root = root;
    this.#state = seed;
  }

  /** Makes `count` changes, now and then with a moment in between, as the watching side should be caught half-way. */
  async make(count: number): Promise<void> {
    for (let done = 0; done < count; done += 1) {
      this.#change();
      if (this.#below(20) === 0) await pause(this.#below(40));
    }
  }

  #change(): void {
    const at = join(this.#directory(), `${this.#pick(NAMES)}${this.#below(4) === 0 ? this.#below(9) : ""}`);
    try {
      this.#kinds[this.#below(this.#kinds.length)]?.(at);
    } catch (error) {
      // A change that cannot be made there (a directory over a file, say) is one that was not made.
      if (!(error instanceof Error && "code" in error)) throw error;
    }
  }

  readonly #kinds: readonly ((at: string) => void)[] = [
    (at) => this.#write(at),
    (at) => this.#write(at),
    // As editors save: a new file over the old one.
    (at) => {
      this.#write(`${at}.new`);
      renameSync(`${at}.new`, at);
    },
    (at) => this.#with(isFile, (path) => renameSync(path, at)),
    (at) =>
      this.#with(isDirectory, (path) => {
        if (!at.startsWith(path)) renameSync(path, at);
      }),
    () => this.#with(isAnything, (path) => rmSync(path, { recursive: true })),
    (at) => symlinkSync(this.#pick(LINKS), at),
    () => this.#with(isFile, (path) => chmodSync(path, this.#pick(MODES))),
    (at) => mkdirSync(join(at, this.#pick(NAMES)), { recursive: true }),
  ];

  #write(path: string): void {
    writeFileSync(path, `${this.#below(1e6)}${"x".repeat(this.#below(3000))}`);
  }

  #with(accepts: (stats: Stats) => boolean, change: (path: string) => void): void {
    const all = this.#entries().filter((path) => accepts(lstatSync(path)));
    if (all.length > 0) change(this.#pick(all));
  }

  #directory(): string {
    const all = this.#entries().filter((path) => lstatSync(path).isDirectory());
    return this.#below(3) === 0 || all.length === 0 ? this.#root : this.#pick(all);
  }

  #entries(): string[] {
    return listBelow(this.#root).sort();
  }

  #pick<T>(values: readonly T[]): T {
    return values[this.#below(values.length)] as T;
  }

  /** A whole number below `limit` (mulberry32). */
  #below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * limit);
  }
}

const isFile = (stats: Stats): boolean => stats.isFile();
const isDirectory = (stats: Stats): boolean => stats.isDirectory();
const isAnything = (): boolean => true;

/** Links are not followed. */
function listBelow(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    return entry.isDirectory() ? [path, ...listBelow(path)] : [path];
  });
}
