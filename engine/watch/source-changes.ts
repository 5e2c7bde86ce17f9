/** Gathers changes of the files that the loader read, until they have been quiet for a moment. */
import { exactFingerprint } from "./sync/fingerprint.ts";
import { systemErrorCode } from "./sync/system-error.ts";

/** Editors write a file in several steps. */
const QUIET_MS = 60;

export class SourceChanges {
  readonly #reload: (changed: readonly string[]) => void;
  #sources: ReadonlySet<string> = new Set();
  /** States that have been answered: one save brings several events. */
  readonly #seen = new Map<string, string>();
  readonly #changed = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(reload: (changed: readonly string[]) => void) {
    this.#reload = reload;
  }

  get paths(): readonly string[] {
    return [...this.#sources];
  }

  /** Absolute paths; they need not exist. Their present states are known then. */
  watch(sources: readonly string[]): void {
    const added = sources.filter((path) => !this.#sources.has(path));
    this.#sources = new Set(sources);
    this.#news(added);
  }

  hear(path: string): void {
    if (!this.#sources.has(path)) return;
    this.#changed.add(path);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#answer();
    }, QUIET_MS);
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #answer(): void {
    const changed = [...this.#changed];
    this.#changed.clear();
    const news = this.#news(changed);
    if (news.length > 0) this.#reload(news);
  }

  #news(paths: readonly string[]): string[] {
    const news: string[] = [];
    for (const path of paths) {
      const seen = this.#seen.get(path);
      const state = stateOf(path, seen);
      if (seen !== state) news.push(path);
      this.#seen.set(path, state);
    }
    return news;
  }
}

/** A file that cannot be read is a state like others: loading it says what is wrong. */
function stateOf(path: string, seen: string | undefined): string {
  try {
    return exactFingerprint(path, seen) ?? "special";
  } catch (error) {
    return systemErrorCode(error) ?? "unknown";
  }
}
