/** Loading stacks from memory. */
import type { Diagnostic } from "../../schema/diagnostic.ts";
import type { FileSystem, LoadOptions } from "../../schema/files.ts";
import { load } from "../../schema/load.ts";
import type { LoadResult, Stack } from "../../schema/model.ts";

export type Files = Readonly<Record<string, string>>;

/** Files by absolute path; directories are what lies above them. */
export function memoryFiles(files: Files): FileSystem {
  return {
    read(path) {
      const text = files[path];
      if (text !== undefined) return { kind: "text", text };
      return isDirectory(files, path) ? { kind: "directory" } : { kind: "missing" };
    },
    stat(path) {
      if (files[path] !== undefined) return "file";
      return isDirectory(files, path) ? "directory" : "missing";
    },
    realpath: (path) => path,
  };
}

function isDirectory(files: Files, path: string): boolean {
  return Object.keys(files).some((file) => file.startsWith(`${path}/`));
}

export type Settings = Partial<Omit<LoadOptions, "files">>;

/** `files`: the stack file `/work/app/compose.yaml`, or several files by path. */
export function loadMemory(files: string | Files, settings: Settings = {}): LoadResult {
  const all = typeof files === "string" ? { "/work/app/compose.yaml": files } : files;
  return load({ files: memoryFiles(all), cwd: "/work/app", home: "/home/me", env: {}, ...settings });
}

/** The stack, where it is valid; fails the test with its problems otherwise. */
export function loadValid(files: string | Files, settings: Settings = {}): Stack {
  const result = loadMemory(files, settings);
  if (!result.ok)
    throw new Error(
      `the stack is not valid:\n${result.diagnostics.map((d) => `${d.code}: ${d.message}`).join("\n")}`,
    );
  return result.stack;
}

/** Problems of one severity. */
export function problems(
  files: string | Files,
  settings: Settings = {},
  severity: Diagnostic["severity"] = "error",
): Diagnostic[] {
  return loadMemory(files, settings).diagnostics.filter((d) => d.severity === severity);
}

/** The text that a diagnostic points at. */
export function pointedAt(diagnostic: Pick<Diagnostic, "range">, files: string | Files): string {
  const { range } = diagnostic;
  if (!range) return "";
  const text = typeof files === "string" ? files : (files[range.file] ?? "");
  return text.slice(range.start, range.end);
}
