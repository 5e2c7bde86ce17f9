/** What the built-in builder of older engines lacks. They drop what they do not know without a word. */
import type { Build } from "../../schema/model.ts";
import { capabilities, type Feature } from "../docker/capabilities.ts";

/** A Dockerfile that names its own frontend (`# syntax=`) brings a newer one along. */
export function supportsNamedContexts(apiVersion: string, hasSyntaxDirective: boolean): boolean {
  return hasSyntaxDirective || has(apiVersion, "build-contexts");
}

/** Attributes of the build that will have no effect. */
export function ignoredAttributes(build: Build, apiVersion: string): readonly string[] {
  if (has(apiVersion, "build-limits")) return [];
  return (["shm_size", "ulimits"] as const).filter((name) => build[name] !== undefined);
}

/** BuildKit is Docker's alone. */
function has(apiVersion: string, feature: Feature): boolean {
  return capabilities({ apiVersion, flavour: "docker" })[feature].support === "native";
}
