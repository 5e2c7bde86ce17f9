/** Where an engine keeps its images. */
import type { EngineInfo } from "../docker/types-system.ts";

/** The containerd image store: several platforms of an image, more kinds of build caches, credentials by host. */
export function isContainerdStore({ DriverStatus }: Pick<EngineInfo, "DriverStatus">): boolean {
  return (DriverStatus ?? []).some(([, value]) => value.startsWith("io.containerd.snapshotter."));
}
