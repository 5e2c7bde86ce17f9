/** The version of this package, read from its manifest. */
import { readFileSync } from "node:fs";

export function version(): string {
  let directory = new URL("./", import.meta.url);
  // The built file lies one folder deeper than its source: look upwards.
  for (;;) {
    const text = readIfThere(new URL("package.json", directory));
    const found = text === undefined ? undefined : versionIn(text);
    if (found !== undefined) return found;
    const parent = new URL("../", directory);
    if (parent.href === directory.href) return "0.0.0";
    directory = parent;
  }
}

function versionIn(manifest: string): string | undefined {
  const parsed = JSON.parse(manifest) as { name?: string; version?: string };
  return parsed.name === "tcompose" ? parsed.version : undefined;
}

function readIfThere(url: URL): string | undefined {
  try {
    return readFileSync(url, "utf8");
  } catch {
    return undefined;
  }
}
