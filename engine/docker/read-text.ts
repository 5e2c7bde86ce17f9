/** Files of the Docker CLI, which may be there or not. */
import { readFileSync } from "node:fs";
import { codeOf } from "./http-error.ts";

/** Read at once: they are small, and what reads them in the background takes Node longer to load. */
export function readText(path: string): Promise<string | undefined> {
  return Promise.resolve(readIfThere(path));
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    // Absent and unreadable are the same here: the file says nothing to this user.
    if (["ENOENT", "ENOTDIR", "EACCES"].includes(codeOf(error) ?? "")) return undefined;
    throw error;
  }
}
