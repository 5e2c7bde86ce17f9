/** Builds that are the same but for their names are made once. */
import type { Build } from "../../schema/model.ts";
import type { ImageBuild } from "../plan/operation.ts";
import { createHash } from "node:crypto";

/** Equal for operations that give the same image. Names do not count. */
export function buildKey(
  operation: Pick<ImageBuild, "build" | "platform" | "platforms" | "noCache" | "pull">,
): string {
  const { tags: _tags, ...build } = operation.build;
  const { platform = null, platforms = [], noCache = false, pull = false } = operation;
  const parts = [build, platform, platforms, noCache, pull];
  return createHash("sha256")
    .update(JSON.stringify(sortKeys(parts)))
    .digest("hex");
}

/** The first service, in the given order, whose build equals this one: so the label is the same whoever comes first. */
export function representativeService(
  operation: Pick<ImageBuild, "build" | "service">,
  builds: ReadonlyMap<string, Build>,
): string {
  const key = buildKey({ build: operation.build });
  for (const [service, build] of builds) if (buildKey({ build }) === key) return service;
  return operation.service;
}

/** Remembers the builds of one execution: make a new one for each, or a later change would go unbuilt. */
export class BuildCoalescer {
  readonly #running = new Map<string, { readonly tag: string; readonly done: Promise<void> }>();

  /**
   * Runs `make` for the first operation of a kind. Later ones wait for it and answer the name that its image has,
   * undefined for the first. A failure counts for all that waited, and is forgotten then.
   */
  async run(operation: ImageBuild, make: () => Promise<void>): Promise<string | undefined> {
    const key = buildKey(operation);
    const running = this.#running.get(key);
    if (running !== undefined) {
      await running.done;
      return running.tag;
    }
    const done = make();
    this.#running.set(key, { tag: operation.tags[0] ?? "", done });
    try {
      await done;
    } catch (error) {
      this.#running.delete(key);
      throw error;
    }
    return undefined;
  }
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, inner]) => [key, sortKeys(inner)]),
  );
}
