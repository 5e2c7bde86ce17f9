/** Path arithmetic of the format: slash-separated, lexical. */
import { posix } from "node:path";

/** Lexically shortest equivalent; no trailing slash, `.` for empty. */
export function cleanPath(path: string): string {
  if (path === "") return "";
  const normal = posix.normalize(path);
  return normal.length > 1 && normal.endsWith("/") ? normal.slice(0, -1) : normal;
}

/** Joined and cleaned. */
export function joinPath(base: string, path: string): string {
  return cleanPath(base === "" ? path : path === "" ? base : `${base}/${path}`);
}

export function isAbsolute(path: string): boolean {
  return path.startsWith("/");
}

/** `C:\x`, `C:/x` and `\\server\share`, which are absolute for an engine on Windows. */
export function isWindowsAbsolute(path: string): boolean {
  return /^[A-Za-z]:[\\/]/.test(path) || /^[\\/]{2}[^\\/]+[\\/]+[^\\/]+/.test(path);
}

/** `~` and `~/x` as the home directory; `~x` means `$HOME/x`. */
export function expandHome(path: string, home: string): string {
  return path.startsWith("~") ? joinPath(home, path.slice(1)) : path;
}

/** `to` as seen from `from` (both absolute directories); `.` for the same one. */
export function relativeDirectory(from: string, to: string): string {
  return posix.relative(from, to) || ".";
}
