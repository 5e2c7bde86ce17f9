/** What builds without BuildKit cannot do. They drop what they do not know without a word. */
import { RefusedError } from "../error.ts";
import type { BuildRequest } from "./request.ts";

/** Throws RefusedError. */
export function refuseImpossible(
  request: BuildRequest,
  flavour: "docker" | "podman",
  engineName: string,
): void {
  const { build } = request;
  refuseSeveralPlatforms(request, engineName, flavour);
  const isPodman = flavour === "podman";
  const isRemote = request.context.kind === "remote";
  const wanted: readonly (readonly [string, boolean])[] = [
    ["additional_contexts", Object.keys(build.additional_contexts ?? {}).length > 0],
    ["cache_to", (build.cache_to ?? []).length > 0],
    ["context as an address", isRemote && isPodman],
    ["dockerfile_inline with a remote context", isRemote && request.dockerfile.kind !== "remote"],
    ["entitlements", (build.entitlements ?? []).length > 0],
    // Docker says itself what it has.
    ["isolation", isPodman && build.isolation !== undefined && !["", "default"].includes(build.isolation)],
    ["no_cache_filter", (build.no_cache_filter ?? []).length > 0],
    ["privileged", build.privileged === true],
    ["provenance", isAttestation(build.provenance)],
    ["sbom", isAttestation(build.sbom)],
    ["secrets", !isPodman && (build.secrets ?? []).length > 0],
    ["ssh", (build.ssh ?? []).length > 0],
  ];
  const found = wanted.find(([, isWanted]) => isWanted);
  if (found === undefined) return;
  const name = isPodman ? engineName : `the classic builder of ${engineName}`;
  throw new RefusedError(`build.${found[0]}: ${name} cannot do this through the Engine API`, {
    hint: "it needs an engine with BuildKit, such as Docker",
  });
}

/** Throws RefusedError. One of several can still be built: the one that the service says it runs on. */
export function refuseSeveralPlatforms(
  { platform, platforms }: Pick<BuildRequest, "platform" | "platforms">,
  engineName: string,
  flavour: "docker" | "podman" = "docker",
): void {
  if (platforms.length === 0 || platform !== undefined) return;
  const list = platforms.join(", ");
  throw new RefusedError(`build.platforms: ${engineName} keeps one platform of an image, not ${list}`, {
    hint: `name one with the service's platform${flavour === "docker" ? ", or switch the engine to the containerd image store" : ""}`,
  });
}

export function isAttestation(value: string | undefined): boolean {
  return value !== undefined && value !== "" && value !== "false" && !value.includes("disabled=true");
}

/** What the build asks for that will have no effect, as it is written. */
export function ignoredAttributes({ build }: BuildRequest, flavour: "docker" | "podman"): readonly string[] {
  return flavour === "podman" && (build.cache_from ?? []).length > 0 ? ["build.cache_from"] : [];
}
