/** Digests of file contents that belong to a service's specification, read through an injected reader. */
import { isAbsolute, join } from "node:path";
import type { FileObject, Stack } from "../../schema/model.ts";
import { sha256 } from "../hash.ts";
import { secretDigest } from "./secret.ts";

export interface Contents {
  /** Digest by key; absent where there is nothing to read (external, a directory, a missing file). */
  readonly configs: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
  /** Seccomp profiles as compact JSON text, by absolute path. */
  readonly seccomp: Readonly<Record<string, string>>;
}

export const NO_CONTENTS: Contents = { configs: {}, secrets: {}, seccomp: {} };

/** Bytes of a file; undefined when there is no such file (or it is a directory). */
export type ReadFile = (path: string) => Promise<Uint8Array | undefined>;

export async function readContents(stack: Stack, readFile: ReadFile): Promise<Contents> {
  const [configs, secrets, seccomp] = await Promise.all([
    digests(stack.configs, readFile, (_, bytes) => sha256(bytes)),
    digests(stack.secrets, readFile, (key, bytes) => secretDigest(stack.name, key, bytes)),
    profiles(stack, readFile),
  ]);
  return { configs, secrets, seccomp };
}

/** The file that a `security_opt` item names: `seccomp=<file>`, relative to the project directory. */
export function seccompProfilePath(stack: Stack, option: string): string | undefined {
  const value = /^seccomp[=:](.+)$/.exec(option)?.[1];
  if (value === undefined || value === "unconfined" || value === "builtin" || value.startsWith("{")) {
    return undefined;
  }
  return isAbsolute(value) ? value : join(stack.workingDir, value);
}

async function digests(
  objects: Readonly<Record<string, FileObject>>,
  readFile: ReadFile,
  digest: (key: string, bytes: Uint8Array) => string | Promise<string>,
): Promise<Record<string, string>> {
  const found = await Promise.all(
    Object.entries(objects).map(async ([key, object]): Promise<[string, string][]> => {
      if (object.external === true) return [];
      const bytes =
        object.file === undefined ? Buffer.from(object.content ?? "") : await readFile(object.file);
      return bytes === undefined ? [] : [[key, await digest(key, bytes)]];
    }),
  );
  return Object.fromEntries(found.flat());
}

async function profiles(stack: Stack, readFile: ReadFile): Promise<Record<string, string>> {
  const paths = Object.values(stack.services)
    .flatMap((service) => service.security_opt ?? [])
    .flatMap((option) => seccompProfilePath(stack, option) ?? []);
  const found = await Promise.all(
    [...new Set(paths)].map(async (path): Promise<[string, string][]> => {
      const bytes = await readFile(path);
      return bytes === undefined ? [] : [[path, compactText(Buffer.from(bytes).toString("utf8"))]];
    }),
  );
  return Object.fromEntries(found.flat());
}

/** The engine parses the profile itself and says what is wrong with it: bad JSON goes there as it is. */
function compactText(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text;
  }
}
