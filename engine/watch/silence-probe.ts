/**
 * The canary for mounts that tell of no changes (network shares, folders shared into virtual machines): what is written
 * there from here is told, what is written elsewhere is not, so nothing can be learnt by writing. Instead the trees are
 * looked at now and then, and a change that nobody told of is the proof.
 */
import { setTimeout as pause } from "node:timers/promises";
import { type IsIgnored, scanTree } from "./scan.ts";
import { hostFingerprint } from "./sync/fingerprint.ts";
import { isBelow } from "./tree-watch.ts";

export interface SilenceProbeOptions {
  /** Absolute paths on file systems whose events are not to be trusted blindly. */
  readonly roots: readonly string[];
  readonly isIgnored: IsIgnored;
  /** Changes that nobody told of; called once, nothing is looked at afterwards. */
  readonly onSilent: (root: string) => void;
}

/** Shortest time between two looks, in milliseconds; a look takes at most this part of the time. */
const LOOK_EVERY_MS = 1_000;
const LARGEST_PART = 1 / 25;
/** An event may be on its way while the tree is read. */
const GRACE_MS = 300;

type Snapshot = ReadonlyMap<string, string>;

export class SilenceProbe {
  readonly #options: SilenceProbeOptions;
  readonly #end = new AbortController();
  #known: Snapshot = new Map();
  /** Told since the look before the last one. */
  #told = new Set<string>();
  #toldBefore = new Set<string>();

  constructor(options: SilenceProbeOptions) {
    this.#options = options;
  }

  /** Resolves when the trees are known; looks at them from then on. */
  async start(): Promise<void> {
    this.#known = await this.#read();
    void this.#watch();
  }

  /** An event told of this path. */
  hear(path: string): void {
    this.#told.add(path);
  }

  /** Paths that differ from what was seen last, told of or not. They count as seen then. */
  async changes(): Promise<string[]> {
    const before = this.#known;
    this.#known = await this.#read();
    return differences(before, this.#known);
  }

  close(): void {
    this.#end.abort();
  }

  async #watch(): Promise<void> {
    let spent = 0;
    try {
      for (;;) {
        await this.#pause(Math.max(LOOK_EVERY_MS, spent / LARGEST_PART));
        const from = performance.now();
        const silent = await this.#look();
        spent = performance.now() - from;
        if (silent === undefined) continue;
        if (!this.#end.signal.aborted) this.#options.onSilent(silent);
        return;
      }
    } catch (error) {
      if (!this.#end.signal.aborted) throw error;
    }
  }

  /** The root of a change that nobody told of. */
  async #look(): Promise<string | undefined> {
    this.#toldBefore = this.#told;
    this.#told = new Set();
    const before = this.#known;
    const now = await this.#read();
    const changed = differences(before, now);
    if (this.#untold(changed).length > 0) await this.#pause(GRACE_MS);
    const [first] = this.#untold(changed);
    // What is silent stays unseen: whoever looks next finds it.
    if (first === undefined) this.#known = now;
    return first === undefined ? undefined : this.#options.roots.find((root) => isAtOrBelow(first, root));
  }

  #untold(paths: readonly string[]): string[] {
    return paths.filter((path) => !hasAncestorIn(path, this.#told) && !hasAncestorIn(path, this.#toldBefore));
  }

  async #read(): Promise<Snapshot> {
    const states = new Map<string, string>();
    for (const root of this.#options.roots) {
      for (const path of await scanTree(root, this.#options.isIgnored, () => undefined)) {
        const state = fingerprintOf(path);
        if (state !== undefined) states.set(path, state);
      }
    }
    return states;
  }

  #pause(milliseconds: number): Promise<unknown> {
    return pause(milliseconds, undefined, { ref: false, signal: this.#end.signal });
  }
}

function fingerprintOf(path: string): string | undefined {
  try {
    return hostFingerprint(path);
  } catch {
    // Whoever syncs it says so.
    return undefined;
  }
}

function differences(before: Snapshot, now: Snapshot): string[] {
  const changed = [...now].filter(([path, state]) => before.get(path) !== state).map(([path]) => path);
  for (const path of before.keys()) if (!now.has(path)) changed.push(path);
  return changed;
}

/** A folder that is moved is told by its own name alone. */
function hasAncestorIn(path: string, told: ReadonlySet<string>): boolean {
  if (told.size === 0) return false;
  for (let at = path.length; at > 0; at = path.lastIndexOf("/", at - 1))
    if (told.has(path.slice(0, at))) return true;
  return false;
}

function isAtOrBelow(path: string, root: string): boolean {
  return path === root || isBelow(path, root);
}
