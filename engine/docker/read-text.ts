/** Files of the Docker CLI, which may be there or not. */
import { readFile } from "node:fs/promises";
import { codeOf } from "./http-error.ts";

export async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    // Absent and unreadable are the same here: the file says nothing to this user.
    if (["ENOENT", "ENOTDIR", "EACCES"].includes(codeOf(error) ?? "")) return undefined;
    throw error;
  }
}
