/** What a builder's checks say about the Dockerfile of a service, as text. Pure. */
import type { DockerfileWarning } from "../../engine/build/lint.ts";
import type { Palette } from "./color.ts";
import { renderFailurePlace } from "./failure-place.ts";
import { count } from "./text.ts";

/** Without a trailing newline. */
export function renderDockerfileWarnings(
  service: string,
  warnings: readonly DockerfileWarning[],
  colors: Palette,
): string {
  if (warnings.length === 0) return `${service}: no warnings`;
  const lines = [`${service}: ${count(warnings.length, "warning")}`];
  for (const { rule, message, url, location } of warnings) {
    lines.push(`${colors.yellow(`warning[${rule}]`)}: ${message}`, ...renderFailurePlace(location, colors));
    if (url !== undefined) lines.push(`    = see ${url}`);
  }
  return lines.join("\n");
}
