/** Gathers changes of the files that the loader read, until they have been quiet for a moment. */
import { hostFingerprint } from "./sync/change.ts";
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

  /** Absolute paths; they need not exist. Resolves when their present states are known. */
  async watch(sources: readonly string[]): Promise<void> {
    const added = sources.filter((path) => !this.#sources.has(path));
    this.#sources = new Set(sources);
    await this.#news(added);
  }

  hear(path: string): void {
    if (!this.#sources.has(path)) return;
    this.#changed.add(path);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#answer(), QUIET_MS);
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  async #answer(): Promise<void> {
    const changed = [...this.#changed];
    this.#changed.clear();
    const news = await this.#news(changed);
    if (news.length > 0) this.#reload(news);
  }

  async #news(paths: readonly string[]): Promise<string[]> {
    const news: string[] = [];
    for (const path of paths) {
      const state = await stateOf(path);
      if (this.#seen.get(path) !== state) news.push(path);
      this.#seen.set(path, state);
    }
    return news;
  }
}

/** A file that cannot be read is a state like others: loading it says what is wrong. */
async function stateOf(path: string): Promise<string> {
  try {
    return (await hostFingerprint(path)) ?? "special";
  } catch (error) {
    return systemErrorCode(error) ?? "unknown";
  }
}
