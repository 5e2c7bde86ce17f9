/** Files that are not on this machine: `oci://` artifacts and Git repositories. */
import type { LoadContext } from "./context.ts";
import type { SourceRange } from "./diagnostic.ts";

const GIT = /^(?:https?:\/\/|git:\/\/|ssh:\/\/|git@|github\.com\/)/;

export function isRemoteResource(path: string): boolean {
  return path.startsWith("oci://") || GIT.test(path);
}

export function reportRemote(path: string, range: SourceRange | undefined, context: LoadContext): undefined {
  context.report({
    code: "remote-not-supported",
    message: `remote stack files are not supported yet: ${path}`,
    range,
    hint: "fetch it, and name the local copy",
  });
  return undefined;
}
