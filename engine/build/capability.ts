/** What the built-in builder of older engines lacks. They drop what they do not know without a word. */
import type { Build } from "../../schema/model.ts";

/** First API version with a Dockerfile frontend that knows named contexts, limits and shared memory (Docker 23). */
const COMPLETE_API = [1, 42] as const;

/** A Dockerfile that names its own frontend (`# syntax=`) brings a newer one along. */
export function supportsNamedContexts(apiVersion: string, hasSyntaxDirective: boolean): boolean {
  return hasSyntaxDirective || isComplete(apiVersion);
}

/** Attributes of the build that will have no effect. */
export function ignoredAttributes(build: Build, apiVersion: string): readonly string[] {
  if (isComplete(apiVersion)) return [];
  return (["shm_size", "ulimits"] as const).filter((name) => build[name] !== undefined);
}

function isComplete(apiVersion: string): boolean {
  const [major = 0, minor = 0] = apiVersion.split(".").map(Number);
  return major > COMPLETE_API[0] || (major === COMPLETE_API[0] && minor >= COMPLETE_API[1]);
}
