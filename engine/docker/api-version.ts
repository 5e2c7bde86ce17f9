/** Engine API versions: what tcompose is made for, and what is spoken with a given engine. Pure. */
import { RefusedError, UsageError } from "../error.ts";

/** Docker Engine 20.10, Podman 4. */
export const OLDEST_API_VERSION = "1.41";
/** Docker Engine 28. */
export const NEWEST_API_VERSION = "1.51";

/**
 * The newest version that both sides know; `wanted` (DOCKER_API_VERSION) is taken as it is.
 * @throws RefusedError when the engine is too old, UsageError when `wanted` is no version
 */
export function negotiateApiVersion(offered: string, wanted: string | undefined): string {
  if (wanted !== undefined && wanted !== "") {
    const version = wanted.replace(/^v/, "");
    if (!/^\d+\.\d+$/.test(version)) {
      throw new UsageError(`DOCKER_API_VERSION=${wanted} is not a version`, { hint: "for example 1.43" });
    }
    return version;
  }
  if (!isAtLeast(offered, OLDEST_API_VERSION)) {
    throw new RefusedError(`the container engine is too old: it speaks API ${offered}`, {
      hint: `API ${OLDEST_API_VERSION} is needed: Docker Engine 20.10 or newer, Podman 4 or newer`,
    });
  }
  return isAtLeast(offered, NEWEST_API_VERSION) ? NEWEST_API_VERSION : offered;
}

/** Compares `major.minor` by number: 1.9 is older than 1.41. */
export function isAtLeast(version: string, wanted: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = wanted.split(".").map(Number);
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}
