/**
 * Files that are still being written: a download, a dump, a log. Sent with every event they would travel again and
 * again, so they wait until they have been quiet for a moment; what is small and saved in one go never does.
 */
import type { FileLook } from "./sync/fingerprint.ts";

export interface SettlingOptions {
  /** A file that waits is worth another look. */
  readonly onDue: (path: string) => void;
  /** Milliseconds, as files' times count them. */
  readonly now?: () => number;
}

interface Waiting {
  /** How often it was seen to have grown soon after it had been sent. */
  growths: number;
  size: number;
  /** When it began to wait; undefined: it does not. */
  since: number | undefined;
}

/** Files from this size wait from the beginning: they come in many writes. */
const LARGE_BYTES = 1024 * 1024;
/** Smaller ones wait when they have grown so often in a row. */
const GROWTHS = 4;
/** Between two states of a file that grows, in milliseconds. */
const SOON_MS = 1_000;
const MEGABYTE = 1024 * 1024;
const QUIET_MS = 60;
const QUIET_MS_A_MEGABYTE = 5;
/** What never comes to rest is sent at times, the larger the rarer. */
const LONGEST_MS = 2_000;
const LONGEST_MS_A_MEGABYTE = 250;

export class Settling {
  readonly #options: SettlingOptions;
  readonly #now: () => number;
  readonly #files = new Map<string, Waiting>();
  readonly #timers = new Map<string, NodeJS.Timeout>();

  constructor(options: SettlingOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** Whether a changed file is to be left alone for now. `known`: its state that was taken last. */
  mustWait(path: string, look: FileLook, known: FileLook | undefined): boolean {
    const file = this.#note(path, look, known);
    if (file === undefined) return false;
    const now = this.#now();
    const age = now - look.mtimeMs;
    const quiet = QUIET_MS + (look.size / MEGABYTE) * QUIET_MS_A_MEGABYTE;
    const longest = LONGEST_MS + (look.size / MEGABYTE) * LONGEST_MS_A_MEGABYTE;
    // A time in the future is another machine's clock, or somebody's choice.
    if (age < 0 || age >= quiet) {
      this.forget(path);
      return false;
    }
    file.since ??= now;
    if (now - file.since >= longest) {
      file.since = now;
      return false;
    }
    this.#lookAgain(path, quiet - age);
    return true;
  }

  /** It is not there any more. */
  forget(path: string): void {
    this.#files.delete(path);
    clearTimeout(this.#timers.get(path));
    this.#timers.delete(path);
  }

  close(): void {
    for (const path of this.#timers.keys()) this.forget(path);
    this.#files.clear();
  }

  /** Undefined when nothing speaks for waiting. */
  #note(path: string, look: FileLook, known: FileLook | undefined): Waiting | undefined {
    const file = this.#files.get(path) ?? { growths: 0, size: 0, since: undefined };
    const hasGrown =
      known !== undefined &&
      known.ino === look.ino &&
      look.size > known.size &&
      look.mtimeMs - known.mtimeMs < SOON_MS;
    if (file.since === undefined && !hasGrown && look.size < LARGE_BYTES) {
      this.#files.delete(path);
      return undefined;
    }
    // Several containers look at the same state.
    if (hasGrown && look.size !== file.size) file.growths += 1;
    file.size = look.size;
    this.#files.set(path, file);
    const isWaiting = file.since !== undefined || look.size >= LARGE_BYTES || file.growths >= GROWTHS;
    return isWaiting ? file : undefined;
  }

  #lookAgain(path: string, milliseconds: number): void {
    clearTimeout(this.#timers.get(path));
    const timer = setTimeout(() => {
      this.#timers.delete(path);
      this.#options.onDue(path);
    }, milliseconds);
    this.#timers.set(path, timer);
  }
}
