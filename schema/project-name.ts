/** The name of the project (specification: name): `-p`, COMPOSE_PROJECT_NAME, `name:` of the files, the directory. */
import { posix } from "node:path";
import type { LoadContext } from "./context.ts";
import type { SourceRange } from "./diagnostic.ts";
import { substituteText } from "./interpolate.ts";
import type { StringMap } from "./model.ts";
import type { ParsedDocument } from "./parsed-document.ts";
import type { Lookup } from "./template.ts";
import { child, text } from "./tree.ts";

const NAME = /^[a-z0-9][a-z0-9_-]*$/;

/** Lower case, without characters that a name cannot have. */
export function normalizeProjectName(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9_-]/g, "")
    .replace(/^[_-]+/, "");
}

export function projectName(
  documents: readonly ParsedDocument[],
  workingDir: string,
  environment: StringMap,
  lookup: Lookup,
  context: LoadContext,
): string {
  const imposed = context.options.projectName || environment["COMPOSE_PROJECT_NAME"];
  if (imposed) {
    if (!NAME.test(imposed)) {
      context.report({
        code: "invalid-project-name",
        message: `"${imposed}" is not a project name: expected lower-case letters, digits, "-" and "_", starting with a letter or digit`,
        hint: `"${normalizeProjectName(imposed)}" would be one`,
      });
    }
    return imposed;
  }
  return nameFromFiles(documents, lookup, context) || nameFromDirectory(documents, workingDir, context);
}

/** The last document that names the project decides. */
function nameFromFiles(documents: readonly ParsedDocument[], lookup: Lookup, context: LoadContext): string {
  const named = documents.map((doc) => child(doc.root, "name")).filter((node) => (text(node) ?? "") !== "");
  const last = named.at(-1);
  if (last?.kind !== "scalar" || typeof last.value !== "string") return "";
  const skip = context.options.skip;
  const name = skip?.interpolation ? last.value : substituteText(last.value, lookup, last, "name", context);
  return skip?.normalization ? name : normalizeProjectName(name);
}

function nameFromDirectory(
  documents: readonly ParsedDocument[],
  workingDir: string,
  context: LoadContext,
): string {
  const base = posix.basename(workingDir);
  // A name that is written but has nothing left of it is not replaced by the directory's.
  const written = documents
    .map((doc) => child(doc.root, "name"))
    .findLast((node) => (text(node) ?? "") !== "");
  const name = written ? "" : normalizeProjectName(base);
  if (name === "") {
    const source = written ? `of "${text(written) ?? ""}"` : `of the directory's name "${base}"`;
    context.report({
      code: "missing-project-name",
      message: `the project has no name: nothing ${source} can be used`,
      ...(written ? { path: "name" } : {}),
      range: written?.at ?? startOf(documents),
      hint: `${written ? "a name consists of" : "set name: in the stack file, or pass -p:"} lower-case letters, digits, "-" and "_"`,
    });
  }
  return name;
}

/** Where a name would be written. */
function startOf(documents: readonly ParsedDocument[]): SourceRange | undefined {
  const root = documents[0]?.root;
  return root && { file: root.at.file, start: root.at.start, end: root.at.start };
}
