/** What the built-in builder of older engines lacks. They drop what they do not know without a word. */
import { capabilities, type Feature } from "../docker/capabilities.ts";
import type { BuildRequest } from "./request.ts";

/** A Dockerfile that names its own frontend (`# syntax=`) brings a newer one along. */
export function supportsNamedContexts(apiVersion: string, hasSyntaxDirective: boolean): boolean {
  return hasSyntaxDirective || has(apiVersion, "build-contexts");
}

/** What the build asks for that will have no effect, as it is written. */
export function ignoredAttributes(
  { build, memory }: Pick<BuildRequest, "build" | "memory">,
  apiVersion: string,
): readonly string[] {
  const limits = has(apiVersion, "build-limits")
    ? []
    : (["shm_size", "ulimits"] as const).filter((name) => build[name] !== undefined);
  return [...limits.map((name) => `build.${name}`), ...(memory === undefined ? [] : ["--memory"])];
}

/** One line for people; undefined where nothing is ignored. */
export function toldAsIgnored(names: readonly string[], engineName: string): string | undefined {
  return names.length === 0 ? undefined : `${names.join(", ")}: ignored by ${engineName}`;
}

/** BuildKit is Docker's alone. */
function has(apiVersion: string, feature: Feature): boolean {
  return capabilities({ apiVersion, flavour: "docker" })[feature].support === "native";
}
