/** Installed packages against the lock file, and `npm ci` where they differ. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { npmCommand, runQuietly } from "./run.mjs";
import { say } from "./say.mjs";

/**
 * Makes `node_modules` of a folder what its lock file says.
 * @param {string} folder with a package-lock.json
 * @param {string} name for the message
 */
export async function ensurePackages(folder, name) {
  if (await areInstalled(folder)) return;
  say(`Installing the packages of ${name} (npm ci).`);
  const { command, args, shell } = npmCommand();
  await runQuietly(command, [...args, "ci", "--no-audit", "--no-fund"], {
    cwd: folder,
    ...(shell && { shell }),
  });
}

async function areInstalled(folder) {
  const wanted = await readPackages(join(folder, "package-lock.json"));
  const present = await readPackages(join(folder, "node_modules/.package-lock.json"));
  if (wanted === undefined || present === undefined) return false;
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (path === "" || (optional === true && present[path] === undefined)) return true;
    return present[path]?.version === version;
  });
}

async function readPackages(file) {
  try {
    return JSON.parse(await readFile(file, "utf8")).packages;
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}
