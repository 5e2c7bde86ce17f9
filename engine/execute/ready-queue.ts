/** What is ready to run, under limits: hands out the item of highest priority whose resources are all free. */

interface Entry<T> {
  readonly item: T;
  readonly priority: number;
}

interface Group<T> {
  readonly resources: readonly string[];
  /** Ascending by priority, last come first among equals, so that the best is at the end. */
  readonly entries: Entry<T>[];
}

export class ReadyQueue<T> {
  readonly #groups = new Map<string, Group<T>>();
  readonly #used = new Map<string, number>();
  readonly #capacity: (resource: string) => number;

  constructor(capacity: (resource: string) => number) {
    this.#capacity = capacity;
  }

  add(item: T, priority: number, resources: readonly string[]): void {
    const key = resources.join("\n");
    let group = this.#groups.get(key);
    if (group === undefined) {
      group = { resources, entries: [] };
      this.#groups.set(key, group);
    }
    group.entries.splice(placeFor(group.entries, priority), 0, { item, priority });
  }

  /** Takes the best item and its resources, or answers undefined when nothing may run now. */
  take(): T | undefined {
    let best: Group<T> | undefined;
    for (const group of this.#groups.values()) {
      const priority = group.entries.at(-1)?.priority;
      if (priority === undefined || priority <= (best?.entries.at(-1)?.priority ?? -Infinity)) continue;
      if (group.resources.every((resource) => this.#hasRoom(resource))) best = group;
    }
    if (best === undefined) return undefined;
    for (const resource of best.resources) this.#used.set(resource, (this.#used.get(resource) ?? 0) + 1);
    return best.entries.pop()?.item;
  }

  release(resources: readonly string[]): void {
    for (const resource of resources) this.#used.set(resource, (this.#used.get(resource) ?? 0) - 1);
  }

  clear(): void {
    this.#groups.clear();
  }

  #hasRoom(resource: string): boolean {
    return (this.#used.get(resource) ?? 0) < this.#capacity(resource);
  }
}

/** First index whose entry has at least this priority: the newcomer goes before its equals, so it leaves after them. */
function placeFor<T>(entries: readonly Entry<T>[], priority: number): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((entries[middle]?.priority ?? Infinity) < priority) low = middle + 1;
    else high = middle;
  }
  return low;
}
