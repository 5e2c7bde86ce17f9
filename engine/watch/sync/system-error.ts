/** Narrowing of Node's system errors. */

export function systemErrorCode(error: unknown): string | undefined {
  if (error instanceof Error && "code" in error && typeof error.code === "string") return error.code;
  return undefined;
}

/** The path, or a directory above it, is not there. */
export function isMissing(error: unknown): boolean {
  const code = systemErrorCode(error);
  // ELOOP: opened without following links, and it has become one. Its own event brings it back.
  return code === "ENOENT" || code === "ENOTDIR" || code === "ELOOP";
}
