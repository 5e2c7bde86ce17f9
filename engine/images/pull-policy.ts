/** Whether a pull policy asks for a pull now. Pure. */
import { parseDuration } from "../../schema/quantity.ts";
import type { ImageInspect } from "../docker/types.ts";

export interface PullDecision {
  readonly pull: boolean;
  /**
   * `absent`: not on the engine; `platform`: there, but for another platform; `policy`: the policy alone decides;
   * `stale`: older than the policy's window; `present`: nothing to do.
   */
  readonly reason: "absent" | "platform" | "policy" | "stale" | "present";
}

const DAY_MS = 86_400_000;
const WINDOWS: ReadonlyMap<string, number> = new Map([
  ["daily", DAY_MS],
  ["weekly", 7 * DAY_MS],
]);

/**
 * `policy` is the service's `pull_policy` (`always`, `missing`, `if_not_present`, `never`, `build`, `daily`, `weekly`,
 * `every_<duration>`; undefined: `missing`). `now` is Unix milliseconds.
 */
export function pullDecision(
  policy: string | undefined,
  observed: Pick<ImageInspect, "Os" | "Architecture" | "Variant" | "Metadata"> | undefined,
  now: number,
  platform?: string,
): PullDecision {
  if (policy === "never" || policy === "build") return { pull: false, reason: "policy" };
  if (policy === "always") return { pull: true, reason: "policy" };
  if (observed === undefined) return { pull: true, reason: "absent" };
  if (platform !== undefined && !isPlatform(observed, platform)) return { pull: true, reason: "platform" };
  const windowMs = refreshWindow(policy);
  if (windowMs === undefined) return { pull: false, reason: "present" };
  const tagged = Date.parse(observed.Metadata?.LastTagTime ?? "");
  // Engines write year 1 for "never tagged here".
  const isFresh = Number.isFinite(tagged) && tagged > 0 && now - tagged < windowMs;
  return isFresh ? { pull: false, reason: "present" } : { pull: true, reason: "stale" };
}

/** Milliseconds after which a policy wants the image anew; undefined for policies without a window. */
function refreshWindow(policy: string | undefined): number | undefined {
  if (policy === undefined) return undefined;
  const named = WINDOWS.get(policy);
  if (named !== undefined) return named;
  return policy.startsWith("every_") ? parseDuration(policy.slice("every_".length)) : undefined;
}

/** Whether an image is for `os[/architecture[/variant]]`. What either side leaves open matches. */
export function isPlatform(
  image: Pick<ImageInspect, "Os" | "Architecture" | "Variant">,
  platform: string,
): boolean {
  const [os, architecture, variant] = platform.toLowerCase().split("/");
  return (
    isSame(image.Os, os) &&
    isSame(normalizeArchitecture(image.Architecture), normalizeArchitecture(architecture)) &&
    isSame(image.Variant, variant)
  );
}

function isSame(observed: string | undefined, wanted: string | undefined): boolean {
  return !observed || !wanted || observed === wanted;
}

function normalizeArchitecture(name: string | undefined): string | undefined {
  if (name === "x86_64" || name === "x86-64") return "amd64";
  return name === "aarch64" ? "arm64" : name;
}
