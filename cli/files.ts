/** The loader's file system on the real one. */
import { readFileSync, realpathSync, statSync } from "node:fs";
import { prepareForText } from "./v8-flags.ts";
import type { FileSystem, ReadResult } from "../schema/files.ts";

const STDIN = 0;

export function createFileSystem(): FileSystem {
  let standardInput: ReadResult | undefined;
  return {
    read(path) {
      if (path !== "-") return readText(path);
      // It can be read once only, and several steps may ask.
      standardInput ??= readText(STDIN);
      return standardInput;
    },
    stat(path) {
      try {
        // Without an exception for what is missing, which takes longer than the question.
        const stats = statSync(path, { throwIfNoEntry: false });
        if (stats === undefined) return "missing";
        if (stats.isFile()) return "file";
        return stats.isDirectory() ? "directory" : "other";
      } catch {
        return "missing";
      }
    },
    realpath(path) {
      try {
        return realpathSync(path);
      } catch {
        return path;
      }
    },
  };
}

function readText(path: string | number): ReadResult {
  try {
    const text = readFileSync(path, "utf8");
    prepareForText(text.length);
    return { kind: "text", text: text.startsWith("\uFEFF") ? text.slice(1) : text };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return { kind: "missing" };
    if (code === "EISDIR") return { kind: "directory" };
    return { kind: "error", reason: code === "EACCES" ? "permission denied" : message };
  }
}
