/** `cache_from` and `cache_to`: an image reference, or `type=...,key=value` as BuildKit's clients write it. */
import { RefusedError } from "../error.ts";
import type { BuilderFacts } from "./builder-facts.ts";
import type { CacheEntry } from "./solve.ts";

function parseCacheSpec(text: string): CacheEntry {
  if (!text.includes("=")) return { type: "registry", attributes: { ref: text } };
  const pairs = text.split(",").map((pair) => {
    const equals = pair.indexOf("=");
    return [pair.slice(0, Math.max(equals, 0)).trim(), pair.slice(equals + 1).trim()] as const;
  });
  const { type = "registry", ...attributes } = Object.fromEntries(pairs);
  return { type, attributes };
}

/**
 * @throws RefusedError for cache kinds that need a builder of their own: the engine's built-in one keeps its cache
 *   inside, and brings some of it into images (`inline`) and back (`registry`).
 */
export function cacheEntries(
  texts: readonly string[] | undefined,
  attribute: "cache_from" | "cache_to",
  { engineName, hasContainerdStore }: Pick<BuilderFacts, "engineName" | "hasContainerdStore">,
): readonly CacheEntry[] {
  return (texts ?? []).map((text) => {
    const entry = parseCacheSpec(text);
    const isPossible =
      entry.type === "registry"
        ? attribute === "cache_from" || hasContainerdStore
        : attribute === "cache_to" && entry.type === "inline";
    if (isPossible) return entry;
    throw new RefusedError(`build.${attribute}: ${engineName} has no cache of type "${entry.type}"`, {
      hint:
        attribute === "cache_to"
          ? "its built-in builder can write type=inline, and type=registry with the containerd image store"
          : "its built-in builder can read type=registry",
    });
  });
}
