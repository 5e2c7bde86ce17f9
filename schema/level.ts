/** What the files of one level have in common, and how one of them is opened. */
import type { LoadContext } from "./context.ts";
import { readFailure } from "./context.ts";
import type { SourceFile, SourceRange } from "./diagnostic.ts";
import { interpolate } from "./interpolate.ts";
import type { StringMap } from "./model.ts";
import type { ParsedDocument } from "./parsed-document.ts";
import { parseYaml } from "./parse.ts";
import type { Lookup } from "./template.ts";
import type { MapNode } from "./tree.ts";

/** What the files of one level (the stack itself, one include) have in common. */
export interface Level {
  readonly context: LoadContext;
  readonly environment: StringMap;
  readonly lookup: Lookup;
  /** Absolute directory that files named in this level are relative to. */
  readonly directory: string;
  /** Loads further files of this or an inner level: what `include` needs. */
  readonly loadFiles: (paths: readonly string[], level: Level, at?: SourceRange) => MapNode | undefined;
  /** How files came to be included, outermost first; the ranges name the entries. */
  readonly chain: readonly { readonly file: string; readonly range?: SourceRange | undefined }[];
}

/** Parses a file once for the whole load. `undefined` where it cannot be read; that is reported. */
export function parseFile(
  path: string,
  context: LoadContext,
  at?: SourceRange,
): readonly ParsedDocument[] | undefined {
  const cached = context.parsed.get(path);
  if (cached) return cached;
  const read = context.read(path);
  if (read.kind !== "text") {
    context.report({ code: "file-not-found", message: readFailure(path, read), range: at });
    return undefined;
  }
  const source: SourceFile = { path, text: read.text };
  const documents = parseYaml(source, context);
  context.parsed.set(path, documents);
  return documents;
}

/** A document with its variables substituted, unless that is switched off. */
export function interpolated(root: MapNode, level: Level): MapNode {
  if (level.context.options.skip?.interpolation) return root;
  return interpolate(root, level.lookup, level.context) as MapNode;
}
