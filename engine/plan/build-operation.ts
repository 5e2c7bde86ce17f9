/** The operation that builds a service's image, and the platform that it builds for. Pure. */
import type { Build } from "../../schema/model.ts";
import { UsageError } from "../error.ts";
import type { OperationDraft } from "./builder.ts";
import type { Cause } from "./operation.ts";

/** What flags ask of builds, over what each build says itself. */
export interface BuildOptions {
  readonly noCache?: boolean;
  readonly pull?: boolean;
  /** Bytes, for build containers; the classic builder alone can bound them. */
  readonly memory?: number;
}

export interface BuildInput extends BuildOptions {
  readonly service: string;
  /** Name of the image that the service runs. */
  readonly reference: string;
  readonly build: Build;
  readonly platform: string | undefined;
  readonly platforms?: readonly string[] | undefined;
  readonly cause: Cause;
}

export function buildOperation(input: BuildInput): OperationDraft {
  const { service, reference, build, platform, platforms, cause, noCache, pull, memory } = input;
  return {
    id: `image.build:${reference}`,
    kind: "image.build",
    resource: { type: "image", name: reference, service },
    cause,
    service,
    tags: [...new Set([reference, ...(build.tags ?? [])])],
    build,
    ...(platform === undefined ? {} : { platform }),
    ...(platforms === undefined ? {} : { platforms }),
    ...(noCache === undefined ? {} : { noCache }),
    ...(pull === undefined ? {} : { pull }),
    ...(memory === undefined ? {} : { memory }),
  };
}

/**
 * Platform of an image that shall run here: of several the engine takes its own.
 * @throws UsageError when `build.platforms` does not have what the service runs on
 */
export function runPlatform(
  service: string,
  wanted: string | undefined,
  platforms: readonly string[] = [],
): string | undefined {
  if (wanted === undefined) return platforms.length === 1 ? platforms[0] : undefined;
  if (platforms.length === 0 || platforms.includes(wanted)) return wanted;
  throw new UsageError(`service "${service}" runs on ${wanted}, which its build.platforms does not have`, {
    hint: `it has ${platforms.join(", ")}`,
  });
}

/** Platforms of an image that `build` makes for its own sake; undefined: it is made for one alone. */
export function buildPlatforms(platforms: readonly string[] = []): readonly string[] | undefined {
  return platforms.length > 1 ? platforms : undefined;
}
