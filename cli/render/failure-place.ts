/** Where in a Dockerfile a build failed: ` --> FILE:LINE` and the line itself. */
import type { FailurePlace } from "../../engine/error-facts.ts";
import type { Palette } from "./color.ts";

/** So that the bar stands over that of the output lines which follow. */
const GUTTER = 2;

/** No lines where the place is not known. */
export function renderFailurePlace(place: FailurePlace | undefined, colors: Palette): string[] {
  if (place === undefined) return [];
  const head = `   ${colors.cyan("-->")} ${place.file}:${place.line}`;
  if (place.text === undefined) return [head];
  const number = String(place.line).padStart(GUTTER);
  const [bar, blank] = [colors.cyan("|"), " ".repeat(number.length)];
  // A file must not steer the terminal.
  // oxlint-disable-next-line no-control-regex -- control characters are what this is about
  const text = place.text.replaceAll("\t", "    ").replace(/[\u0000-\u001F\u007F-\u009F]/g, "\uFFFD");
  return [head, ` ${blank} ${bar}`, ` ${colors.cyan(number)} ${bar} ${text}`, ` ${blank} ${bar}`];
}
